package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What can be turned on the command line, each by a system property of its name; empty is as good as absent.
 *
 * @param rounds how often each contestant takes its turn, in a new process each time; default 5
 * @param warmups passes before those that count; default 2
 * @param passes passes measured together in one turn; default 3
 * @param items items in a pass; the default is the workload's
 * @param heap largest heap of a contestant, such as {@code 64m}, which limits its direct memory too; the default is the workload's
 * @param latency how long the server thinks before each answer, in milliseconds; default 0
 * @param limit seconds after which a contestant counts as failed; default 600
 * @param only pattern that the names of contestants must contain; default all
 */
record Knobs(
        int rounds, int warmups, int passes, int items, String heap, Duration latency, Duration limit, Pattern only) {

    private static final List<String> NAMES =
            List.of("rounds", "warmups", "passes", "items", "heap", "latency", "limit", "only");

    static Knobs of(Workload workload) {
        return new Knobs(
                number("rounds", 5),
                number("warmups", 2),
                number("passes", 3),
                number("items", workload.items()),
                text("heap", workload.heap()),
                Duration.ofMillis(number("latency", 0)),
                Duration.ofSeconds(number("limit", 600)),
                Pattern.compile(text("only", "").toLowerCase(Locale.ROOT)));
    }

    /** The flags that set the same knobs in a process of a contestant. */
    static List<String> flags() {
        return NAMES.stream().map(name -> "-D" + name + "=" + text(name, "")).toList();
    }

    boolean admits(String contestant) {
        return only.matcher(contestant.toLowerCase(Locale.ROOT)).find();
    }

    private static int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    private static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }
}
