package dev.headrace.test;

import java.time.Instant;
import java.time.InstantSource;

/** A bucket that requests fill and time empties. Guarded by the route it belongs to. */
final class LeakyBucket {

    /** What sums of fractions may be off by. */
    private static final double ROUNDING = 1e-6;

    private final double size;
    private final double leakPerSecond;
    private final InstantSource clock;
    private double level;
    private Instant measured;

    LeakyBucket(double size, double leakPerSecond, InstantSource clock) {
        if (!(size > 0) || !(leakPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "size and leak of a bucket must be more than zero: " + size + ", " + leakPerSecond);
        }
        this.size = size;
        this.leakPerSecond = leakPerSecond;
        this.clock = clock;
        this.measured = clock.instant();
    }

    /** The same bucket, empty. */
    LeakyBucket restarted() {
        return new LeakyBucket(size, leakPerSecond, clock);
    }

    /** Pours in an amount, unless the bucket would flow over. */
    boolean take(double amount) {
        if (secondsUntilRoomFor(amount) > 0) {
            return false;
        }
        level += amount;
        return true;
    }

    /** Takes out what was poured in for nothing. */
    void giveBack(double amount) {
        level = Math.max(0, level() - amount);
    }

    double level() {
        Instant now = clock.instant();
        double seconds = (now.toEpochMilli() - measured.toEpochMilli()) / 1000.0;
        level = Math.max(0, level - seconds * leakPerSecond);
        measured = now;
        return level;
    }

    double size() {
        return size;
    }

    double leakPerSecond() {
        return leakPerSecond;
    }

    /** Seconds until there is room for an amount. */
    double secondsUntilRoomFor(double amount) {
        double excess = level() + amount - size;
        return excess < ROUNDING ? 0 : excess / leakPerSecond;
    }
}
