package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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

    private static Throwable root(Throwable failure) {
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
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
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
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!process.waitFor(knobs.limit().toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new FailedException("no end in " + knobs.limit().toSeconds() + " s");
            }
            return figures(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Measurement figures(String output) throws FailedException {
        String last = output.lines().reduce("it said nothing", (before, line) -> line);
        if (!last.startsWith(FIGURES)) {
            throw new FailedException(last.startsWith(FAILURE) ? last.substring(FAILURE.length()) : last);
        }
        return Measurement.fromLine(last.substring(FIGURES.length()));
    }
}
