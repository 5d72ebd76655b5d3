package dev.headrace.examples;

import java.time.Duration;

/**
 * How fast the demonstration goes.
 *
 * @param requestsPerSecond what the paginated API allows before it answers 429
 * @param betweenEvents time between two events
 * @param fileBytes size of the file
 * @param fileBytesPerSecond how fast the file is sent, and another one taken
 * @param uploadBytes size of the file that is taken
 */
record Pace(int requestsPerSecond, Duration betweenEvents, long fileBytes, long fileBytesPerSecond, long uploadBytes) {

    private static final int MEGABYTE = 1_000_000;

    /** For people: slow enough to watch, over in about ten seconds. */
    static Pace calm() {
        return new Pace(3, Duration.ofMillis(250), 100 * MEGABYTE, 40 * MEGABYTE, 20 * MEGABYTE);
    }

    /** For tests: the same happens, but nobody watches. */
    static Pace brisk() {
        return new Pace(4, Duration.ofMillis(5), 5 * MEGABYTE, Long.MAX_VALUE, 5 * MEGABYTE);
    }
}
