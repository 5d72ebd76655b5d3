package dev.headrace.cli;

import dev.headrace.Defaults;
import java.time.Duration;

/**
 * How far apart long checkpoints stand. One has a position for each slice that has been read, so with one after every page all of them
 * together would grow with the square of the slices. Behind a long one the next is too soon until making, writing and saving it was no more
 * than a tenth of the time, and one of a megabyte counts as a second at least, for whoever has to read it. Short ones are never too soon.
 *
 * <p>Used by one thread at a time.
 */
final class CheckpointPace {

    /** In bytes: the positions of some hundred slices, no more than a page of records. */
    private static final int SHORT = 16 * 1024;

    private static final long NANOS_A_BYTE = 1_000;

    /** For its length alone, none keeps the next one waiting for longer. */
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private long last = System.nanoTime();
    private long bytes;
    private long took;

    /** Whether the next one should wait. */
    boolean isTooSoon() {
        return left() > 0;
    }

    private long left() {
        return distance() - (System.nanoTime() - last);
    }

    private long distance() {
        return bytes <= SHORT ? 0 : Math.max(timesOf(took), Math.min(timesOf(bytes * NANOS_A_BYTE), LONGEST));
    }

    private static long timesOf(long nanos) {
        return (long) (nanos * (1 / Defaults.COMMIT_SHARE - 1));
    }

    /** One has been made and written, which took so many nanoseconds. */
    void written(long bytes, long took) {
        this.last = System.nanoTime();
        this.bytes = bytes;
        this.took = took;
    }

    /** The one that was written last has been saved as well, which took so many nanoseconds. */
    void saved(long took) {
        this.last = System.nanoTime();
        this.took += took;
    }
}
