package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A contestant's turn, both sides of it: the process that measures itself and says the figures in its last line, and the comparison that
 * starts such a process and listens.
 */
final class Turn {

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

    /** In the contestant's process: warms up, measures, reports and ends the process. */
    static void take(Workload workload, String name, String url) {
        Knobs knobs = Knobs.of(workload);
        Tally expected = workload.expected(knobs);
        try {
            Contestant.Pass pass = named(name, workload).preparation().prepare(url, knobs);
            repeat(knobs.warmups(), pass, expected);
            Measurement cost =
                    Measurement.of(knobs.passes() * expected.items(), () -> repeat(knobs.passes(), pass, expected));
            System.out.println(FIGURES + cost.toLine());
        } catch (Throwable e) {
            // Throwable, for to run out of memory is a result.
            System.out.println(FAILURE + root(e));
        }
        System.out.flush();
        // Clients leave threads behind, and after an OutOfMemoryError nothing may end by itself.
        Runtime.getRuntime().halt(0);
    }

    private static Contestant named(String name, Workload workload) {
        return workload.contestants().stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No contestant " + name));
    }

    private static void repeat(int times, Contestant.Pass pass, Tally expected) {
        for (int i = 0; i < times; i++) {
            try {
                pass.run().check(expected);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
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
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.JAVA);
        command.addAll(Knobs.flags());
        command.addAll(List.of(
                "-Xmx" + knobs.heap(),
                "-XX:+ExitOnOutOfMemoryError",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                workload.getClass().getName(),
                name,
                url));
        return figures(ChildProcess.run(command, knobs.limit()).lastLine());
    }

    private static Measurement figures(String last) throws FailedException {
        if (!last.startsWith(FIGURES)) {
            throw new FailedException(last.startsWith(FAILURE) ? last.substring(FAILURE.length()) : last);
        }
        return Measurement.fromLine(last.substring(FIGURES.length()));
    }
}
