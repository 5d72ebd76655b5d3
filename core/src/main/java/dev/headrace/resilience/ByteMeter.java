package dev.headrace.resilience;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/**
 * Bytes that were moved against a rate; Bucket4j counts. All charges stand one behind the other on one scale, so each has a mark on it, and
 * time moves along that scale. Not thread-safe: it belongs to a {@link BandwidthLimit}.
 */
final class ByteMeter {

    // Bucket4j gives back one permit a nanosecond at most. With permits of 16 bytes that is 128 Gbit/s.
    private static final int UNIT = 16;

    static final long FASTEST = UNIT * 1_000_000_000L;

    private static final long LEAST_BURST = 64 * 1024;
    // Bucket4j throws for a debt too long to be counted in nanoseconds.
    private static final long LONGEST_DEBT_SECONDS = Duration.ofDays(365).toSeconds();

    private final LocalBucket bucket;
    private long bytesPerSecond;
    private long charged;
    private long rest;

    ByteMeter(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        this.bucket = Bucket.builder()
                .addLimit(bandwidth())
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .withCustomTimePrecision(SchedulerClock.INSTANCE)
                .build();
    }

    /** Debts and credits stay as they are; a credit beyond the new burst is cut. */
    void change(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
        bucket.replaceConfiguration(
                BucketConfiguration.builder().addLimit(bandwidth()).build(), TokensInheritanceStrategy.AS_IS);
    }

    /** Charges bytes and gives the mark at which they are paid off. */
    long charge(long bytes) {
        long left = bytes % UNIT + rest;
        rest = left % UNIT;
        long units = bytes / UNIT + left / UNIT;
        long most = bytesPerSecond * LONGEST_DEBT_SECONDS / UNIT + bucket.getAvailableTokens();
        units = Math.max(0, Math.min(units, most));
        if (units > 0) {
            bucket.consumeIgnoringRateLimits(units);
        }
        charged += units;
        return charged;
    }

    /** Nanoseconds until all up to a mark is paid off; 0 if it is. */
    long nanosUntil(long mark) {
        long owed = mark - charged - bucket.getAvailableTokens();
        return owed <= 0 ? 0 : (long) Math.ceil((double) owed * UNIT / bytesPerSecond * 1e9);
    }

    private Bandwidth bandwidth() {
        long burst = Math.max(LEAST_BURST, bytesPerSecond / 10);
        return Bandwidth.builder()
                .capacity(burst / UNIT)
                .refillGreedy(bytesPerSecond, Duration.ofSeconds(UNIT))
                .build();
    }
}
