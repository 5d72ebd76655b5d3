package dev.headrace.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * A contestant's turn, both sides of it: the process that measures itself and says the figures in its last line, and the comparison that
 * starts such a process and listens.
 */
public final class Turn {

    /** A contestant did not do its work. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String reason) {
            super(reason);
        }
    }

    private Turn() {}

    /**
     * Takes a turn. By hand, to see what one contestant does: {@code run.sh -p SUITE} starts the server and says how.
     *
     * @param args the suite, the contestant and the server's URL
     */
    public static void main(String[] args) {
        JavaChild.run(() -> {
            if (args.length != 3) {
                throw new IllegalArgumentException("It takes a suite, a contestant and a URL");
            }
            return take(Suites.workload(args[0]), args[1], args[2]).toLine();
        });
    }

    /** In the contestant's process: warms up and measures. */
    private static Measurement take(Workload workload, String name, String url) throws Exception {
        Knobs knobs = Knobs.of(workload);
        Tally expected = workload.expected(knobs);
        Contestant.Pass pass = named(name, workload).preparation().prepare(url, knobs);
        return Passes.measure(pass, expected, knobs.warmups(), knobs.warmup(), knobs.passes(), knobs.time());
    }

    private static Contestant named(String name, Workload workload) {
        return workload.contestants().stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No contestant " + name));
    }

    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** In the comparison's process: gives a contestant its turn. */
    static Measurement give(Workload workload, String name, String url, Knobs knobs)
            throws FailedException, InterruptedException {
        ChildProcess child = ChildProcess.run(command(workload, name, url, knobs), knobs.limit());
        return Measurement.fromLine(JavaChild.figures(child));
    }

    /** What starts the process of a contestant. */
    static List<String> command(Workload workload, String name, String url, Knobs knobs) {
        return JavaChild.command(
                Stream.concat(Knobs.asFlags().stream(), knobs.flags().stream()).toList(),
                knobs.heap(),
                Turn.class,
                workload.name(),
                name,
                url);
    }
}
