package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A Java process that measures one thing and says the figures in its last line, or why there are none: what starts it, what it does itself,
 * and what is made of its words.
 */
final class JavaChild {

    private static final String FIGURES = "figures ";
    private static final String FAILURE = "failed ";

    private JavaChild() {}

    /**
     * What starts it.
     *
     * @param flags for its Java, before the usual ones
     * @param heap its largest heap
     * @param main what runs in it, and calls {@link #run}
     */
    static List<String> command(List<String> flags, String heap, Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.JAVA);
        command.addAll(flags);
        command.addAll(List.of(
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** In the process itself: measures, says the figures and ends the process. */
    static void run(Callable<String> measurement) {
        try {
            System.out.println(FIGURES + measurement.call());
        } catch (Throwable e) {
            // Throwable, for to run out of memory is a result.
            System.out.println(FAILURE + Turn.root(e));
        }
        System.out.flush();
        // Clients leave threads behind, and after an OutOfMemoryError nothing may end by itself.
        Runtime.getRuntime().halt(0);
    }

    /** In the process that started it: the figures. */
    static String figures(ChildProcess child) throws Turn.FailedException {
        String last = child.lastLine();
        if (!last.startsWith(FIGURES)) {
            throw new Turn.FailedException(last.startsWith(FAILURE) ? last.substring(FAILURE.length()) : last);
        }
        return last.substring(FIGURES.length());
    }
}
