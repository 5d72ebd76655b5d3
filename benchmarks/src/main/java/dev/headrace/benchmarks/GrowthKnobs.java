package dev.headrace.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be turned in a growth suite, each by a system property of its name; empty is as good as absent.
 *
 * @param rounds how often each point is measured, in a new process each time; default 3, or 1 if quick
 * @param quick small sizes, to see whether it works; the figures say nothing
 * @param limit time after which a point has failed, given in seconds; default 600
 * @param heap largest heap of a point's process; the default is the suite's
 * @param flags for the Java process of each point, with spaces between; default none
 * @param disk where files are written to
 */
record GrowthKnobs(int rounds, boolean quick, Duration limit, String heap, List<String> flags, Path disk) {

    private static final int ROUNDS = 3;
    private static final int LIMIT_SECONDS = 600;

    static GrowthKnobs of(GrowthSuite suite) {
        boolean quick = Knobs.isQuick();
        return new GrowthKnobs(
                Knobs.number("rounds", quick ? 1 : ROUNDS),
                quick,
                Knobs.seconds("limit", LIMIT_SECONDS),
                Knobs.text("heap", suite.heap()),
                Knobs.words("flags"),
                Downloads.directory());
    }

    /** The flags for the process of a point: the user's, and what sets the same knobs there. */
    List<String> allFlags() {
        return Stream.concat(Stream.of("-Dquick=" + quick, "-Ddisk=" + disk), flags.stream())
                .toList();
    }
}
