package dev.headrace.resilience;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/**
 * What is left of one {@link Rate}; Bucket4j counts. One bucket for each rate and not one for all, so that a window can begin with the first
 * request after a rest although a longer one is not over. Not thread-safe: it belongs to a gate.
 */
final class RateMeter {

    // Bucket4j throws for a debt too long to be counted in nanoseconds, and within the loop of a line that would end
    // the line.
    private static final Duration LONGEST_DEBT = Duration.ofDays(365);

    private final Rate rate;
    private final long mostAtOnce;
    private LocalBucket bucket;
    private long fullAt;

    RateMeter(Rate rate) {
        this.rate = rate;
        this.mostAtOnce = rate.burst() + rate.permitsIn(LONGEST_DEBT);
        this.bucket = full();
    }

    private LocalBucket full() {
        return Bucket.builder()
                .addLimit(rate.bandwidth())
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .withCustomTimePrecision(SchedulerClock.INSTANCE)
                .build();
    }

    /** Nanoseconds until a request of a weight may go; 0 for now. One that weighs more than the burst waits for a full bucket. */
    long waitFor(int weight) {
        if (weight == 0) {
            return 0;
        }
        EstimationProbe probe = bucket.estimateAbilityToConsume(Math.min(weight, rate.burst()));
        return probe.canBeConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
    }

    /** Takes permits; what is not there is owed, and those who come later wait for it. */
    void take(int weight, long now) {
        if (weight == 0) {
            return;
        }
        if (isFull()) {
            fullAt = now;
            if (rate.shape() == Rate.Shape.WINDOW) {
                bucket = full();
            }
        }
        bucket.consumeIgnoringRateLimits(charged(weight));
    }

    /** Puts permits back, unless all have been there since they were taken: then they have come back by themselves, and others have gone. */
    void giveBack(int weight, long since) {
        if (weight > 0 && since - fullAt >= 0) {
            bucket.addTokens(charged(weight));
        }
    }

    private long charged(int weight) {
        return Math.min(weight, mostAtOnce);
    }

    /** Nanoseconds until there have been that many permits more, if nobody else takes any and nothing is refilled before a pause ends. */
    long estimate(long permits, long pause) {
        if (permits == 0) {
            return pause;
        }
        // Bucket4j estimates no more than the capacity, but says how long a debt takes; so it is made and taken back.
        long debt = Math.min(permits, mostAtOnce);
        long wait = bucket.consumeIgnoringRateLimits(debt);
        bucket.addTokens(debt);
        return Math.max(wait, pause + rate.nanosFor(Math.max(0, permits - rate.burst())));
    }

    long available() {
        return bucket.getAvailableTokens();
    }

    boolean isFull() {
        return bucket.getAvailableTokens() >= rate.burst();
    }

    Rate rate() {
        return rate;
    }
}
