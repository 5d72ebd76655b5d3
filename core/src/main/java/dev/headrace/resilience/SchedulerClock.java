package dev.headrace.resilience;

import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;

/** The time that Reactor's schedulers go by, for libraries that bring clocks of their own: so virtual time reaches them. */
final class SchedulerClock extends Clock implements TimeMeter {

    static final SchedulerClock INSTANCE = new SchedulerClock();

    private static final long LONGEST = Duration.ofDays(365).toNanos();

    private SchedulerClock() {}

    /** Nanoseconds from an arbitrary origin: only differences mean something. */
    static long nanos() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    static Instant instantAfter(long nanos) {
        return INSTANCE.instant().plusNanos(nanos);
    }

    /** A duration that can be added to a time without running over; nothing for a negative one. */
    static long nanosOf(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : duration.toNanos();
    }

    @Override
    public long currentTimeNanos() {
        return nanos();
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
