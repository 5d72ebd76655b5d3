package dev.headrace.transfer;

import java.util.concurrent.TimeUnit;

/** How fast a count grows: over the last two to four seconds, or since the beginning of a younger one. Not for several threads at once. */
final class SpeedMeter {

    private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private long olderAt;
    private long olderCount;
    private long youngerAt;
    private long youngerCount;

    /** Counting begins here, and anew whenever the count falls back. */
    void restart(long count, long nowNanos) {
        olderAt = nowNanos;
        youngerAt = nowNanos;
        olderCount = count;
        youngerCount = count;
    }

    /** The speed up to now, per second. */
    long speedAt(long count, long nowNanos) {
        if (count < youngerCount) {
            restart(count, nowNanos);
        }
        if (nowNanos - youngerAt >= SPAN_NANOS) {
            olderAt = youngerAt;
            olderCount = youngerCount;
            youngerAt = nowNanos;
            youngerCount = count;
        }
        long nanos = nowNanos - olderAt;
        return nanos <= 0 ? 0 : (long) ((count - olderCount) * 1e9 / nanos);
    }
}
