package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * What can be turned in a growth suite, each by a system property of its name; empty is as good as absent.
 *
 * @param rounds how often each point is measured, in a new process each time; default 3, or 1 if quick
 * @param quick small sizes, to see whether it works; the figures say nothing
 * @param limit time after which a point has failed, given in seconds; default 600
 */
record GrowthKnobs(int rounds, boolean quick, Duration limit) {

    private static final int ROUNDS = 3;
    private static final int LIMIT_SECONDS = 600;

    static GrowthKnobs fromProperties() {
        boolean quick = Boolean.getBoolean("quick");
        return new GrowthKnobs(
                number("rounds", quick ? 1 : ROUNDS), quick, Duration.ofSeconds(number("limit", LIMIT_SECONDS)));
    }

    /** The flags that set the same knobs in the process of a point. */
    List<String> flags() {
        return List.of("-Dquick=" + quick);
    }

    private static int number(String name, int otherwise) {
        String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : Integer.parseInt(value);
    }
}
