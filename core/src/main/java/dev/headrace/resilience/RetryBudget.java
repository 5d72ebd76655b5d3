package dev.headrace.resilience;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps retries to a share of recent calls, so that a remote in trouble is not sent several times what it could not handle once.
 *
 * <p>Recent are the last ten seconds, counted in ten buckets of a second each. Shared by all calls of one interceptor; any thread.
 */
final class RetryBudget {

    private static final Logger LOG = LoggerFactory.getLogger(RetryBudget.class);

    private static final int BUCKETS = 10;
    private static final long BUCKET_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long WARN_NANOS = Duration.ofSeconds(10).toNanos();

    private final double share;
    private final int floor;
    private final boolean limited;
    private final long[] recentCalls = new long[BUCKETS];
    private final long[] recentRetries = new long[BUCKETS];
    private boolean began;
    private long bucket;
    private long warnAt;
    private long calls;
    private long retries;
    private long refused;

    private RetryBudget(double share, int floor, boolean limited) {
        this.share = share;
        this.floor = floor;
        this.limited = limited;
    }

    static RetryBudget of(double share, int floor) {
        return new RetryBudget(share, floor, true);
    }

    /** Counts, but never refuses. */
    static RetryBudget unlimited() {
        return new RetryBudget(0, 0, false);
    }

    synchronized void call() {
        forget(now());
        calls++;
        recentCalls[index()]++;
    }

    /** Takes a retry out of the budget. */
    boolean take() {
        long now = now();
        long allowed;
        synchronized (this) {
            forget(now);
            allowed = floor + (long) (share * sum(recentCalls));
            if (!limited || sum(recentRetries) < allowed) {
                retries++;
                recentRetries[index()]++;
                return true;
            }
            refused++;
            if (refused > 1 && now - warnAt < 0) {
                return false;
            }
            warnAt = now + WARN_NANOS;
        }
        LOG.warn(
                "The retry budget is used up: {} retries within {} s are allowed; failed calls are not sent again until it recovers",
                allowed,
                BUCKETS);
        return false;
    }

    synchronized RetryStats stats() {
        return new RetryStats(calls, retries, refused);
    }

    private void forget(long now) {
        long current = Math.floorDiv(now, BUCKET_NANOS);
        long passed = began ? current - bucket : BUCKETS;
        began = true;
        if (passed >= BUCKETS) {
            Arrays.fill(recentCalls, 0);
            Arrays.fill(recentRetries, 0);
            bucket = current;
        }
        while (bucket < current) {
            bucket++;
            recentCalls[index()] = 0;
            recentRetries[index()] = 0;
        }
    }

    private int index() {
        return (int) Math.floorMod(bucket, (long) BUCKETS);
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static long now() {
        // In this unit it is the clock that is never set.
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
