package dev.headrace.stream;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells records that have been read before, byte for byte, from new ones, as far back as it remembers. A record that was changed is new, so
 * nothing is lost by it.
 */
final class RecentRecords {

    private final Set<Long> before;
    private Set<Long> beforeRestart = Set.of();
    private final int limit;
    private final Map<Long, @Nullable Position> now = new LinkedHashMap<>();

    /** Begins with what an earlier run has read. */
    RecentRecords(List<Long> before, int limit) {
        this.before = new HashSet<>(before);
        this.limit = limit;
    }

    boolean isNew(long fingerprint, @Nullable Position position) {
        boolean known = now.containsKey(fingerprint);
        now.put(fingerprint, position);
        if (now.size() > limit) {
            Iterator<Long> eldest = now.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return !known && !before.contains(fingerprint) && !beforeRestart.contains(fingerprint);
    }

    /**
     * What has been read last may come again. It is set aside, for the records that come before it would drive it out.
     */
    void restarted() {
        beforeRestart = Set.copyOf(now.keySet());
    }

    boolean isEmpty() {
        return now.isEmpty();
    }

    /** Those that a reading from there on will meet again. */
    List<Long> from(@Nullable Position lowest) {
        return now.entrySet().stream()
                .filter(record -> record.getValue() != null && (lowest == null || !lowest.isAfter(record.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
