package dev.headrace.sse;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * The ids of the last events of a stream, over all its connections. Sources whose ids are times repeat some events after a resume; these
 * are told by their ids.
 */
final class RecentIds {

    private final int window;
    private final Set<String> known = new HashSet<>();
    private final ArrayDeque<String> order = new ArrayDeque<>();

    RecentIds(int window) {
        this.window = window;
    }

    /** Whether an event with this id is among the last ones. */
    boolean contains(String id) {
        return known.contains(id);
    }

    /** An event with this id has been emitted. An empty id names no event. */
    void add(String id) {
        if (!id.isEmpty() && known.add(id)) {
            order.addLast(id);
            if (order.size() > window) {
                known.remove(order.removeFirst());
            }
        }
    }
}
