package dev.headrace.resilience;

import io.github.bucket4j.Bandwidth;
import java.time.Duration;

/**
 * So many permits in such a time.
 *
 * @param shape how they come back
 * @param permits permits of a period
 * @param period the period
 * @param burst permits that may be taken at once
 */
record Rate(Shape shape, long permits, Duration period, long burst) {

    enum Shape {
        /** A token bucket: they trickle back all the time, up to the burst. */
        BUCKET,
        /** A fixed window, from the first request on: all of them come back together when it ends. */
        WINDOW,
        /** A leaky bucket: as a token bucket of one. */
        EVEN
    }

    Rate {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be at least 1, but is " + permits);
        }
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("period must be more than zero, but is " + period);
        }
        if (permits > SchedulerClock.nanosOf(period)) {
            throw new IllegalArgumentException(
                    "A rate must be at most one permit a nanosecond, but is " + permits + " in " + period);
        }
        if (burst < 1) {
            throw new IllegalArgumentException("burst must be at least 1, but is " + burst);
        }
    }

    /** How long it takes for permits to come back. */
    long nanosFor(long count) {
        return (long) ((double) count / permits * SchedulerClock.nanosOf(period));
    }

    /** How many permits come back in a time. */
    long permitsIn(Duration time) {
        return (long) ((double) SchedulerClock.nanosOf(time) / SchedulerClock.nanosOf(period) * permits);
    }

    Bandwidth bandwidth() {
        var capacity = Bandwidth.builder().capacity(burst);
        return (shape == Shape.WINDOW
                        ? capacity.refillIntervally(permits, period)
                        : capacity.refillGreedy(permits, period))
                .build();
    }

    @Override
    public String toString() {
        return permits + " in " + period
                + switch (shape) {
                    case BUCKET -> " with bursts of " + burst;
                    case WINDOW -> " by the window";
                    case EVEN -> " evenly";
                };
    }
}
