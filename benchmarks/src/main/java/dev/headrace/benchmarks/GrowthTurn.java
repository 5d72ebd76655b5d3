package dev.headrace.benchmarks;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A point of a growth suite, both sides of it: the process that measures itself and says the figures in its last line, and the suite that
 * starts such a process and listens.
 */
final class GrowthTurn {

    private static final String NOTE = "note ";

    private GrowthTurn() {}

    /**
     * In the process of a point: measures, reports and ends the process.
     *
     * @param args name of the suite, value of what grows, URL of the server, items and sum of a pass
     */
    public static void main(String[] args) {
        JavaChild.run(() -> {
            GrowthSuite suite = named(args[0]);
            GrowthPoint point = suite.measure(
                    Long.parseLong(args[1]),
                    args[2],
                    new Tally(Long.parseLong(args[3]), Long.parseLong(args[4])),
                    GrowthKnobs.of(suite));
            point.notes().forEach(note -> System.out.println(NOTE + note));
            return point.figures().stream().map(Objects::toString).collect(Collectors.joining(" "));
        });
    }

    /** In the suite's process: has one point measured. */
    static GrowthPoint give(GrowthSuite suite, long value, String url, GrowthKnobs knobs)
            throws Turn.FailedException, InterruptedException {
        Tally expected = suite.expected(value, knobs);
        ChildProcess child = ChildProcess.run(
                JavaChild.command(
                        knobs.allFlags(),
                        knobs.heap(),
                        GrowthTurn.class,
                        suite.name(),
                        Long.toString(value),
                        url,
                        Long.toString(expected.items()),
                        Long.toString(expected.sum())),
                knobs.limit());
        List<Double> figures = Stream.of(JavaChild.figures(child).split(" ", -1))
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
