package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A contestant's turn, both sides of it: the process that measures itself and says the figures in its last line, and the comparison that
 * starts such a process and listens.
 */
public final class Turn {

    private static final String FIGURES = "figures ";
    private static final String FAILURE = "failed ";

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
        try {
            if (args.length != 3) {
                throw new IllegalArgumentException("It takes a suite, a contestant and a URL");
            }
            Measurement cost = take(Suites.workload(args[0]), args[1], args[2]);
            System.out.println(FIGURES + cost.toLine());
        } catch (Throwable e) {
            // Throwable, for to run out of memory is a result.
            System.out.println(FAILURE + root(e));
        }
        System.out.flush();
        // Clients leave threads behind, and after an OutOfMemoryError nothing may end by itself.
        Runtime.getRuntime().halt(0);
    }

    /** In the contestant's process: warms up and measures. */
    private static Measurement take(Workload workload, String name, String url) throws Exception {
        Knobs knobs = Knobs.of(workload);
        Tally expected = workload.expected(knobs);
        Contestant.Pass pass = named(name, workload).preparation().prepare(url, knobs);
        repeat(knobs.warmups(), knobs.warmup().toNanos(), pass, expected);
        return Measurement.of(() -> repeat(knobs.passes(), knobs.time().toNanos(), pass, expected) * expected.items());
    }

    private static Contestant named(String name, Workload workload) {
        return workload.contestants().stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No contestant " + name));
    }

    /** So many passes at least and for so long, or none at all; says how many there were. */
    private static long repeat(int least, long nanos, Contestant.Pass pass, Tally expected) throws Exception {
        long begin = System.nanoTime();
        long done = 0;
        while (done < least || System.nanoTime() - begin < nanos) {
            pass.run().check(expected);
            done++;
        }
        return done;
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
        return figures(ChildProcess.run(command(workload, name, url, knobs), knobs.limit())
                .lastLine());
    }

    /** What starts the process of a contestant. */
    static List<String> command(Workload workload, String name, String url, Knobs knobs) {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.JAVA);
        command.addAll(Knobs.asFlags());
        command.addAll(knobs.flags());
        command.addAll(List.of(
                "-Xmx" + knobs.heap(),
                "-XX:+ExitOnOutOfMemoryError",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                Turn.class.getName(),
                workload.name(),
                name,
                url));
        return command;
    }

    private static Measurement figures(String last) throws FailedException {
        if (!last.startsWith(FIGURES)) {
            throw new FailedException(last.startsWith(FAILURE) ? last.substring(FAILURE.length()) : last);
        }
        return Measurement.fromLine(last.substring(FIGURES.length()));
    }
}
