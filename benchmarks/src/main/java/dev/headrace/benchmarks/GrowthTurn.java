package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A point of a growth suite, both sides of it: the process that measures itself and says the figures in its last line, and the suite that
 * starts such a process and listens.
 */
final class GrowthTurn {

    private static final String FIGURES = "figures ";
    private static final String FAILURE = "failed ";
    private static final String NOTE = "note ";

    private GrowthTurn() {}

    /**
     * In the process of a point: measures, reports and ends the process.
     *
     * @param args name of the suite, value of what grows, URL of the server
     */
    public static void main(String[] args) {
        try {
            GrowthPoint point = named(args[0]).measure(Long.parseLong(args[1]), args[2], GrowthKnobs.fromProperties());
            point.notes().forEach(note -> System.out.println(NOTE + note));
            System.out.println(
                    FIGURES + point.figures().stream().map(Objects::toString).collect(Collectors.joining(" ")));
        } catch (Throwable e) {
            // Throwable, for to run out of memory is a result.
            System.out.println(FAILURE + Turn.root(e));
        }
        System.out.flush();
        // Clients leave threads behind, and after an OutOfMemoryError nothing may end by itself.
        Runtime.getRuntime().halt(0);
    }

    /** In the suite's process: has one point measured. */
    static GrowthPoint give(GrowthSuite suite, long value, String url, GrowthKnobs knobs)
            throws Turn.FailedException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.JAVA);
        command.addAll(knobs.flags());
        command.addAll(List.of(
                "-Xmx" + suite.heap(),
                "-XX:+ExitOnOutOfMemoryError",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                GrowthTurn.class.getName(),
                suite.name(),
                Long.toString(value),
                url));
        ChildProcess child = ChildProcess.run(command, knobs.limit());
        String last = child.lastLine();
        if (!last.startsWith(FIGURES)) {
            throw new Turn.FailedException(last.startsWith(FAILURE) ? last.substring(FAILURE.length()) : last);
        }
        List<Double> figures = Stream.of(last.substring(FIGURES.length()).split(" ", -1))
                .map(Double::valueOf)
                .toList();
        return new GrowthPoint(
                figures,
                child.lines().stream()
                        .filter(line -> line.startsWith(NOTE))
                        .map(line -> line.substring(NOTE.length()))
                        .toList());
    }

    private static GrowthSuite named(String name) {
        return GrowthSuite.all().stream()
                .filter(suite -> suite.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No growth suite " + name));
    }
}
