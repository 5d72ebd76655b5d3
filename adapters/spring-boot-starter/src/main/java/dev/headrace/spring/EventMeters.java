package dev.headrace.spring;

import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;

/** What came over event streams, as meters with the tag {@code stream}: the name of the bean that counts. */
final class EventMeters implements MeterBinder {

    private final Map<String, EventCounters> streams;

    EventMeters(Map<String, EventCounters> streams) {
        this.streams = Map.copyOf(streams);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        streams.forEach(
                (name, counters) -> bind(new Meters<>(registry, "stream", name, counters, EventCounters::snapshot)));
    }

    private static void bind(Meters<EventCounters, EventStats> meters) {
        meters.counter("headrace.events", "Events", null, EventStats::events);
        meters.counter("headrace.events.received", "Bytes", BaseUnits.BYTES, EventStats::bytes);
        meters.counter("headrace.events.connections", "Connections", null, EventStats::connections);
        meters.counter(
                "headrace.events.reconnects",
                "Connections that were planned again",
                null,
                stats -> stats.reconnects().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        meters.counter(
                "headrace.events.dropped", "Events for which a consumer was too slow", null, EventStats::dropped);
        meters.counter("headrace.events.oversized", "Events over the limit", null, EventStats::oversized);
        meters.counter("headrace.events.duplicates", "Events that had come before", null, EventStats::duplicates);
        meters.counter(
                "headrace.events.anomalies", "Lines that are no field, and the like", null, EventStats::anomalies);
        meters.millis(
                "headrace.events.age", "Time since the last event; not a number before the first", EventMeters::age);
    }

    private static double age(EventStats stats) {
        Duration age = stats.sinceLastEvent();
        return age == null ? Double.NaN : age.toMillis();
    }
}
