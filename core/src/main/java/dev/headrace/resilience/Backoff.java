package dev.headrace.resilience;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait from one try to the next: the one home of the rule that no first wait is longer than the longest.
 *
 * @param shape how the waits grow
 * @param firstDelay wait before the first retry
 * @param maxDelay longest wait
 * @param jitter share of a wait that chance decides
 * @param firstImmediate whether the first retry comes at once
 */
record Backoff(Shape shape, Duration firstDelay, Duration maxDelay, double jitter, boolean firstImmediate) {

    enum Shape {
        FIXED,
        LINEAR,
        EXPONENTIAL
    }

    Backoff {
        if (firstDelay.isNegative() || firstDelay.isZero()) {
            throw new IllegalArgumentException("firstDelay must be more than zero, but is " + firstDelay);
        }
        if (maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "maxDelay must not be shorter than the first delay of " + firstDelay + ", but is " + maxDelay);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, but is " + jitter);
        }
    }

    /** Whether {@code Retry.backoff} of Reactor makes these waits. */
    boolean isExponential() {
        return shape == Shape.EXPONENTIAL && !firstImmediate;
    }

    /** Another shape; the longest wait grows if it must. */
    Backoff shaped(Shape shape, Duration firstDelay) {
        Duration longest = firstDelay.compareTo(maxDelay) > 0 ? firstDelay : maxDelay;
        return new Backoff(shape, firstDelay, longest, jitter, firstImmediate);
    }

    Backoff maxDelay(Duration maxDelay) {
        return new Backoff(shape, firstDelay, maxDelay, jitter, firstImmediate);
    }

    Backoff jitter(double jitter) {
        return new Backoff(shape, firstDelay, maxDelay, jitter, firstImmediate);
    }

    Backoff withFirstImmediate() {
        return new Backoff(shape, firstDelay, maxDelay, jitter, true);
    }

    /**
     * The wait before a retry, decided by chance within the jitter, but never shorter than the first nor longer than the longest.
     *
     * @param retry 1 for the first
     */
    Duration before(long retry) {
        if (retry == 1 && firstImmediate) {
            return Duration.ZERO;
        }
        double first = firstDelay.toNanos();
        double longest = maxDelay.toNanos();
        double wait = Math.min(longest, first * factor(retry));
        double spread = wait * jitter;
        double low = Math.max(first, wait - spread);
        double high = Math.min(longest, wait + spread);
        return Duration.ofNanos(
                (long) (low + (high - low) * ThreadLocalRandom.current().nextDouble()));
    }

    private double factor(long retry) {
        return switch (shape) {
            case FIXED -> 1;
            case LINEAR -> (double) retry;
            case EXPONENTIAL -> Math.pow(Defaults.RETRY_MULTIPLIER, (double) (retry - 1));
        };
    }
}
