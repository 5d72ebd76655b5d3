package dev.headrace.spec;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Collects what is wrong with one document; of very many problems only the first are kept, and the rest counted. */
final class Problems {

    private static final int MOST = 1_000;

    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final Set<Problem> found = new LinkedHashSet<>();
    private Position end = Position.START;
    private long more;

    void add(Position at, String path, String message) {
        Problem problem = new Problem(at.line(), at.column(), path, message);
        if (found.size() < MOST) {
            found.add(problem);
        } else if (!found.contains(problem)) {
            more++;
            end = at;
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Whether something is wrong at a place or within it; if not all is known, everything may be. */
    boolean isWithin(String path) {
        return more > 0
                || found.stream()
                        .anyMatch(problem -> problem.path().equals(path)
                                || problem.path().startsWith(path + ".")
                                || problem.path().startsWith(path + "["));
    }

    /** All of them, from the top of the document to its end. */
    List<Problem> all() {
        Stream<Problem> sorted = found.stream().sorted(BY_PLACE);
        return more == 0
                ? sorted.toList()
                : Stream.concat(sorted, Stream.of(new Problem(end.line(), end.column(), "", "and " + more + " more")))
                        .toList();
    }
}
