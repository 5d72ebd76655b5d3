package dev.headrace.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Items with an {@code id}, and what happened to them since. Guarded by the route it belongs to. */
final class ChangeLog {

    private final List<String> items;
    private final Predicate<String> gone;
    private final List<String> changes = new ArrayList<>();

    /**
     * Begins without changes.
     *
     * @param gone which changes say that an item is no more
     */
    ChangeLog(List<String> items, Predicate<String> gone) {
        this.items = items;
        this.gone = gone;
    }

    void add(String change) {
        changes.add(change);
    }

    /** A position in time: how many changes there have been. */
    int now() {
        return changes.size();
    }

    /** The items as they were then. */
    List<String> at(int time) {
        if (time == 0) {
            return items;
        }
        Map<String, String> byId = new LinkedHashMap<>();
        items.forEach(item -> byId.put(JsonText.field(item, "id"), item));
        for (String change : changes.subList(0, time)) {
            String id = JsonText.field(change, "id");
            if (gone.test(change)) {
                byId.remove(id);
            } else {
                byId.put(id, change);
            }
        }
        return List.copyOf(byId.values());
    }

    /** What changed after one time, up to another. */
    List<String> between(int since, int until) {
        return List.copyOf(changes.subList(since, until));
    }
}
