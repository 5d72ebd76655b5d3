package dev.headrace.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A rate limit over windows that follow each other, each opened by a request. Guarded by the route it belongs to. */
final class FixedWindow {

    private final int allowed;
    private final Duration length;
    private final InstantSource clock;
    private Instant reset = Instant.MIN;
    private int used;

    FixedWindow(int allowed, Duration length, InstantSource clock) {
        if (allowed < 1) {
            throw new IllegalArgumentException("a rate limit must allow at least 1 request: " + allowed);
        }
        if (length.isZero() || length.isNegative()) {
            throw new IllegalArgumentException("the window of a rate limit must be more than zero: " + length);
        }
        this.allowed = allowed;
        this.length = length;
        this.clock = clock;
    }

    /** The same limit, nothing of it used. */
    FixedWindow restarted(InstantSource clock) {
        return new FixedWindow(allowed, length, clock);
    }

    /** Counts a request, unless the window is full. */
    boolean take() {
        Instant now = clock.instant();
        if (!now.isBefore(reset)) {
            reset = now.plus(length);
            used = 0;
        }
        if (used == allowed) {
            return false;
        }
        used++;
        return true;
    }

    void giveBack() {
        used--;
    }

    int allowed() {
        return allowed;
    }

    int used() {
        return used;
    }

    /** Seconds since the epoch, rounded up. */
    long reset() {
        return seconds(Duration.between(Instant.EPOCH, reset));
    }

    /** Seconds, rounded up. */
    long secondsToReset() {
        return seconds(Duration.between(clock.instant(), reset));
    }

    private static long seconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
