package dev.headrace.stream;

import dev.headrace.json.Pointer;
import dev.headrace.pagination.Placement;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a slice when the remote refuses a page's token because it has become too old. A value: every change gives a new one.
 *
 * <p>A page is refused by the token if it is not the first of its series and is answered with one of the statuses. Each restart is told by a
 * {@link Notice}. Records that come again by it are left out if the stream has a key and they are byte for byte the same, as far as the last
 * 1,000 of the slice.
 */
public final class ExpiredPages {

    private static final int MOST_RESTARTS = 3;
    private static final Set<Integer> GONE = Set.of(410);

    private static final ExpiredPages RESTART_SLICE = new ExpiredPages(null, null, GONE, MOST_RESTARTS);

    private final @Nullable String pointer;
    private final @Nullable Placement placement;
    private final Set<Integer> statuses;
    private final int maxRestarts;

    private ExpiredPages(
            @Nullable String pointer, @Nullable Placement placement, Set<Integer> statuses, int maxRestarts) {
        this.pointer = pointer;
        this.placement = placement;
        this.statuses = statuses;
        this.maxRestarts = maxRestarts;
    }

    /**
     * The slice is read from its beginning again, on 410, three times in a row at most: the default.
     *
     * @return what to do
     */
    public static ExpiredPages restartSlice() {
        return RESTART_SLICE;
    }

    /**
     * The slice is read on from behind the last record, for an API that sorts by a key and can be asked for what follows one.
     *
     * @param pointer where in a record the key is (RFC 6901)
     * @param placement where it goes in the first request
     * @return what to do, on 410, three times in a row at most
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    public static ExpiredPages seekAfter(String pointer, Placement placement) {
        Pointer.of(pointer);
        return new ExpiredPages(pointer, placement, GONE, MOST_RESTARTS);
    }

    /**
     * Sets by which statuses a page is refused.
     *
     * @param statuses default 410; the remote's are often 400 or 404
     * @return a new value
     */
    public ExpiredPages statuses(Integer... statuses) {
        return new ExpiredPages(pointer, placement, new TreeSet<>(Arrays.asList(statuses)), maxRestarts);
    }

    /**
     * Sets how often in a row a slice may be restarted without a page in between before its reading fails.
     *
     * @param maxRestarts default 3; 0 for never
     * @return a new value
     * @throws IllegalArgumentException if it is negative
     */
    public ExpiredPages maxRestarts(int maxRestarts) {
        if (maxRestarts < 0) {
            throw new IllegalArgumentException("maxRestarts must not be negative, but is " + maxRestarts);
        }
        return new ExpiredPages(pointer, placement, statuses, maxRestarts);
    }

    /** Where the key to seek after is; null to restart. */
    @Nullable
    String pointer() {
        return pointer;
    }

    @Nullable
    Placement placement() {
        return placement;
    }

    int maxRestarts() {
        return maxRestarts;
    }

    boolean isMeantBy(int status) {
        return statuses.contains(status);
    }

    @Override
    public String toString() {
        return "ExpiredPages[" + (pointer == null ? "restart the slice" : "seek after " + pointer) + " on " + statuses
                + "]";
    }
}
