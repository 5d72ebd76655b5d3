package dev.headrace.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which streams are parents of which, over all generations. Everything is found step by step instead of by recursion,
 * and in time that grows with the document, however its streams hang together.
 */
final class Ancestry {

    /** So many generations are read one within the other, which takes as many connections and stack. */
    static final int MOST_GENERATIONS = 100;

    private static final int LONGEST_WAY = 10;

    private final Map<String, List<String>> parents;
    /** How many generations are above a stream; none for what has a circle above it. */
    private final Map<String, Integer> generations = new HashMap<>();
    /** What is on a circle, or between two. */
    private final Set<String> knotted;

    /**
     * Looks at all streams.
     *
     * @param parents the parents of each stream that is known
     */
    Ancestry(Map<String, List<String>> parents) {
        this.parents = parents;
        Map<String, List<String>> children = new HashMap<>();
        parents.forEach((child, all) -> all.forEach(parent ->
                children.computeIfAbsent(parent, any -> new ArrayList<>()).add(child)));
        Set<String> left = new HashSet<>(parents.keySet());
        for (String stream : loosened(left, parents, children)) {
            int above = parents.getOrDefault(stream, List.of()).stream()
                    .mapToInt(parent -> generations.getOrDefault(parent, 0) + 1)
                    .max()
                    .orElse(0);
            generations.put(stream, above);
        }
        loosened(left, children, parents);
        this.knotted = left;
    }

    /** Takes out, one after the other, what nothing is left before; gives that in its order. */
    private static List<String> loosened(
            Set<String> left, Map<String, List<String>> before, Map<String, List<String>> after) {
        Map<String, Integer> waiting = new HashMap<>();
        Deque<String> free = new ArrayDeque<>();
        for (String stream : left) {
            int count = (int) before.getOrDefault(stream, List.of()).stream()
                    .filter(left::contains)
                    .count();
            waiting.put(stream, count);
            if (count == 0) {
                free.add(stream);
            }
        }
        List<String> order = new ArrayList<>();
        while (!free.isEmpty()) {
            String stream = free.remove();
            order.add(stream);
            for (String next : after.getOrDefault(stream, List.of())) {
                if (waiting.containsKey(next) && waiting.merge(next, -1, Integer::sum) == 0) {
                    free.add(next);
                }
            }
        }
        order.forEach(left::remove);
        return order;
    }

    /** Whether this is the first generation of too many. */
    boolean isTooDeep(String stream) {
        return generations.getOrDefault(stream, 0) == MOST_GENERATIONS + 1;
    }

    /** The shortest way from a stream over one of its parents back to itself; empty if there is none. */
    List<String> circle(String stream, String parent) {
        if (!knotted.contains(stream) || !knotted.contains(parent)) {
            return List.of();
        }
        Map<String, String> cameFrom = new HashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of(parent));
        cameFrom.put(parent, stream);
        while (!next.isEmpty() && !next.peek().equals(stream)) {
            String here = next.remove();
            for (String above : parents.getOrDefault(here, List.of())) {
                if (knotted.contains(above) && cameFrom.putIfAbsent(above, here) == null) {
                    next.add(above);
                }
            }
        }
        return next.isEmpty() ? List.of() : way(stream, cameFrom);
    }

    private static List<String> way(String stream, Map<String, String> cameFrom) {
        List<String> way = new ArrayList<>(List.of(stream));
        String here = cameFrom.getOrDefault(stream, stream);
        while (!here.equals(stream)) {
            way.add(here);
            here = cameFrom.getOrDefault(here, stream);
        }
        way.add(stream);
        Collections.reverse(way);
        if (way.size() <= LONGEST_WAY) {
            return way;
        }
        List<String> cut = new ArrayList<>(way.subList(0, LONGEST_WAY - 2));
        cut.add("…");
        cut.add(stream);
        return cut;
    }
}
