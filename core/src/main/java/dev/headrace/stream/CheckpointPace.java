package dev.headrace.stream;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;

/**
 * How far apart long checkpoints stand, for whoever writes them as lines. One has a position for each slice that has been read, so with one
 * after every page all of them together grow with the square of the slices. Behind one of more than 16 KiB the next is too soon until making,
 * writing and saving it was no more than a tenth of the time, with a second for each megabyte at least, for whoever has to read it; but for
 * its length alone no longer than a minute. Short ones are never too soon. A checkpoint that is too soon need not be written: a later one
 * says all that it says. The last one of a reading must be.
 *
 * <p>Time is that of Reactor's schedulers. Used by one thread at a time.
 */
public final class CheckpointPace {

    /** In bytes: the positions of some hundred slices, no more than a page of records. */
    private static final int SHORT = 16 * 1024;

    private static final long NANOS_A_BYTE = 1_000;

    /** For its length alone, none keeps the next one waiting for longer. */
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private long last = now();
    private long bytes;
    private long took;

    /** Before the first checkpoint, which is not too soon. */
    public CheckpointPace() {}

    /**
     * Whether the next checkpoint should wait.
     *
     * @return whether it is too soon behind the last
     */
    public boolean isTooSoon() {
        return now() - last < distance();
    }

    /**
     * A checkpoint has been written.
     *
     * @param bytes its length
     * @param took how long making and writing it took
     */
    public void written(long bytes, Duration took) {
        this.last = now();
        this.bytes = bytes;
        this.took = took.toNanos();
    }

    /**
     * The checkpoint that was written last has been saved as well.
     *
     * @param took how long that took
     */
    public void saved(Duration took) {
        this.last = now();
        this.took += took.toNanos();
    }

    private long distance() {
        return bytes <= SHORT ? 0 : Math.max(timesOf(took), Math.min(timesOf(bytes * NANOS_A_BYTE), LONGEST));
    }

    private static long timesOf(long nanos) {
        return (long) (nanos * (1 / Defaults.COMMIT_SHARE - 1));
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
