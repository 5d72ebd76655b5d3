package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What can be turned on the command line, each by a system property of its name; empty is as good as absent.
 *
 * @param rounds how often each contestant takes its turn, in a new process each time; default 3
 * @param warmups the fewest passes before those that count; default 1
 * @param passes the fewest passes measured together in one turn; default 1
 * @param warmup passes to warm up go on until this has gone by; given in seconds; the default is the workload's, mostly 5
 * @param time passes that count go on until this has gone by; given in seconds, default 2
 * @param items items in a pass; the default is the workload's
 * @param heap largest heap of a contestant, such as {@code 64m}, which limits its direct memory too; the default is the workload's
 * @param latency how long the server thinks before each answer, in milliseconds; the default is the workload's
 * @param limit seconds after which a contestant counts as failed; default 600
 * @param only pattern that the names of contestants must contain; default all
 * @param flags for the Java process of each contestant, with spaces between; default none
 */
record Knobs(
        int rounds,
        int warmups,
        int passes,
        Duration warmup,
        Duration time,
        int items,
        String heap,
        Duration latency,
        Duration limit,
        Pattern only,
        List<String> flags) {

    private static final List<String> NAMES = List.of(
            "quick", "rounds", "warmups", "passes", "warmup", "time", "items", "heap", "latency", "limit", "only",
            "flags");

    static final Duration WARMUP = Duration.ofSeconds(5);

    static Knobs of(Workload workload) {
        return of(
                isQuick() ? workload.quickItems() : workload.items(),
                workload.heap(),
                workload.latency(),
                workload.warmup());
    }

    /** Those of a suite, with defaults of its own for what depends on it. */
    static Knobs of(int items, String heap) {
        return of(items, heap, Duration.ZERO, WARMUP);
    }

    private static Knobs of(int items, String heap, Duration latency, Duration warmup) {
        boolean quick = isQuick();
        return new Knobs(
                number("rounds", quick ? 1 : 3),
                number("warmups", quick ? 0 : 1),
                number("passes", 1),
                seconds("warmup", quick ? 0 : warmup.toMillis() / 1e3),
                seconds("time", quick ? 0 : 2),
                number("items", items),
                text("heap", heap),
                Duration.ofMillis(number("latency", (int) latency.toMillis())),
                seconds("limit", 600),
                Pattern.compile(text("only", "").toLowerCase(Locale.ROOT)),
                words("flags"));
    }

    /** Values with spaces between. */
    static List<String> words(String name) {
        return Stream.of(text(name, "").split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** One pass of so many items, and nothing before it. */
    static Knobs once(Workload workload, int items) {
        Knobs defaults = of(workload);
        return new Knobs(
                1,
                0,
                1,
                Duration.ZERO,
                Duration.ZERO,
                items,
                defaults.heap,
                Duration.ZERO,
                defaults.limit,
                defaults.only,
                defaults.flags);
    }

    /** Whether figures do not matter, only that all works ({@code -Dquick=true}). */
    static boolean isQuick() {
        return Boolean.getBoolean("quick");
    }

    /** Reads all of them, for what cannot be read is better said before anything is measured. */
    static void check() {
        of(1, "");
    }

    static boolean isKnob(String name) {
        return NAMES.contains(name);
    }

    /** The flags that set the same knobs in a process of a contestant. */
    static List<String> asFlags() {
        return NAMES.stream()
                .filter(name -> !text(name, "").isEmpty())
                .map(name -> "-D" + name + "=" + text(name, ""))
                .toList();
    }

    boolean admits(String contestant) {
        return only.matcher(contestant.toLowerCase(Locale.ROOT)).find();
    }

    static Duration seconds(String name, double otherwise) {
        double seconds = parsed(name, Double.toString(otherwise), Double::parseDouble);
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    static int number(String name, int otherwise) {
        return parsed(name, Integer.toString(otherwise), Integer::parseInt);
    }

    private static <T> T parsed(String name, String otherwise, Function<String, T> parser) {
        String value = text(name, otherwise);
        try {
            return parser.apply(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D" + name + " is a number, not '" + value + "'", e);
        }
    }

    static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }
}
