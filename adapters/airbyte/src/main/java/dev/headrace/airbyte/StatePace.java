package dev.headrace.airbyte;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;

/**
 * How far apart long states of a stream stand. One has a position for each slice that has been read, so with one after every page all of them
 * together would grow with the square of the slices. Behind a long one the next is too soon until making it was no more than a tenth of the
 * time, and one of a megabyte counts as a second at least, for the platform that has to read and to keep it. Short ones are never too soon.
 *
 * <p>Used by one thread at a time.
 */
final class StatePace {

    /** In bytes: the positions of some hundred slices, no more than a page of records. */
    private static final int SHORT = 16 * 1024;

    private static final long NANOS_A_BYTE = 1_000;

    /** For its length alone, none keeps the next one waiting for longer. */
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private long notBefore = now();

    /** By the clock of schedulers, which is virtual in tests. */
    static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    /** Whether the next one should wait. */
    boolean isTooSoon() {
        return notBefore - now() > 0;
    }

    /** There is one of so many bytes, which took so many nanoseconds. */
    void made(long bytes, long took) {
        notBefore = now()
                + (bytes <= SHORT ? 0 : Math.max(timesOf(took), Math.min(timesOf(bytes * NANOS_A_BYTE), LONGEST)));
    }

    private static long timesOf(long nanos) {
        return (long) (nanos * (1 / Defaults.COMMIT_SHARE - 1));
    }
}
