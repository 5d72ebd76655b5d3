package dev.headrace.sse;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Counts what comes over event streams. Made by the user, given to one stream or to several that are to be counted together, and read at any
 * time and from any thread.
 *
 * <pre>{@code
 * EventCounters counters = EventCounters.create();
 * EventStream.from(wikimedia, request).counters(counters).events()…
 * Gauge.builder("events.age", counters, c -> seconds(c.snapshot().sinceLastEvent())).register(registry);
 * }</pre>
 *
 * <p>A stream without counters counts nothing and pays nothing.
 */
public final class EventCounters {

    private static final long NEVER = Long.MIN_VALUE;

    private final LongAdder connections = new LongAdder();
    private final Map<EventSignal.Reason, LongAdder> reconnects = new ConcurrentHashMap<>();
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder comments = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder oversized = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder anomalies = new LongAdder();
    private volatile long attemptedAt = NEVER;
    private volatile long lastEventAt = NEVER;
    private volatile @Nullable Duration timeToFirstByte;
    private volatile @Nullable Duration timeToFirstEvent;

    private EventCounters() {}

    /**
     * Counters at zero.
     *
     * @return counters for one stream or several
     */
    public static EventCounters create() {
        return new EventCounters();
    }

    /**
     * What has been counted so far. Numbers that belong together may differ by what happens during the call.
     *
     * @return a snapshot
     */
    public EventStats snapshot() {
        Map<EventSignal.Reason, Long> byReason = new EnumMap<>(EventSignal.Reason.class);
        reconnects.forEach((reason, count) -> byReason.put(reason, count.sum()));
        long last = lastEventAt;
        return new EventStats(
                connections.sum(),
                byReason,
                events.sum(),
                bytes.sum(),
                comments.sum(),
                dropped.sum(),
                oversized.sum(),
                duplicates.sum(),
                anomalies.sum(),
                last == NEVER ? null : Duration.ofNanos(now() - last),
                timeToFirstByte,
                timeToFirstEvent);
    }

    void attempted() {
        attemptedAt = now();
        timeToFirstByte = null;
        timeToFirstEvent = null;
    }

    void connected() {
        connections.increment();
        timeToFirstByte = Duration.ofNanos(now() - attemptedAt);
    }

    void reconnecting(EventSignal.Reason reason) {
        reconnects.computeIfAbsent(reason, any -> new LongAdder()).increment();
    }

    /** The time is asked for once for all events of a chunk of bytes: it costs more than the event. */
    void event(boolean firstOfItsBytes) {
        events.increment();
        if (firstOfItsBytes) {
            long now = now();
            lastEventAt = now;
            if (timeToFirstEvent == null && attemptedAt != NEVER) {
                timeToFirstEvent = Duration.ofNanos(now - attemptedAt);
            }
        }
    }

    void bytes(int count) {
        bytes.add(count);
    }

    void comment() {
        comments.increment();
    }

    void dropped() {
        dropped.increment();
    }

    void oversized() {
        oversized.increment();
    }

    void duplicate() {
        duplicates.increment();
    }

    void anomaly() {
        anomalies.increment();
    }

    private static long now() {
        // Asked for each time, so that virtual time reaches it.
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return "EventCounters[" + snapshot() + "]";
    }
}
