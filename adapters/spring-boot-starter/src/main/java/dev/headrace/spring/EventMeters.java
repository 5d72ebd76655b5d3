package dev.headrace.spring;

import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What came over event streams, as meters with the tag {@code stream}: the name of the bean that counts. */
final class EventMeters implements MeterBinder {

    private final Map<String, EventCounters> streams;

    EventMeters(Map<String, EventCounters> streams) {
        this.streams = Map.copyOf(streams);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        streams.forEach((name, counters) -> bind(registry, name, counters));
    }

    private static void bind(MeterRegistry registry, String name, EventCounters counters) {
        counter(registry, name, counters, "headrace.events", "Events", null, EventStats::events);
        counter(registry, name, counters, "headrace.events.received", "Bytes", BaseUnits.BYTES, EventStats::bytes);
        counter(registry, name, counters, "headrace.events.connections", "Connections", null, EventStats::connections);
        counter(
                registry,
                name,
                counters,
                "headrace.events.reconnects",
                "Connections that were planned again",
                null,
                stats -> stats.reconnects().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        counter(
                registry,
                name,
                counters,
                "headrace.events.dropped",
                "Events for which a consumer was too slow",
                null,
                EventStats::dropped);
        counter(
                registry,
                name,
                counters,
                "headrace.events.oversized",
                "Events over the limit",
                null,
                EventStats::oversized);
        counter(
                registry,
                name,
                counters,
                "headrace.events.duplicates",
                "Events that had come before",
                null,
                EventStats::duplicates);
        counter(
                registry,
                name,
                counters,
                "headrace.events.anomalies",
                "Lines that are no field, and the like",
                null,
                EventStats::anomalies);
        TimeGauge.builder("headrace.events.age", counters, TimeUnit.MILLISECONDS, own -> age(own.snapshot()))
                .description("Time since the last event; not a number before the first")
                .tag("stream", name)
                .register(registry);
    }

    private static double age(EventStats stats) {
        Duration age = stats.sinceLastEvent();
        return age == null ? Double.NaN : age.toMillis();
    }

    private static void counter(
            MeterRegistry registry,
            String name,
            EventCounters counters,
            String meter,
            String description,
            @Nullable String unit,
            ToLongFunction<EventStats> count) {
        FunctionCounter.builder(meter, counters, own -> count.applyAsLong(own.snapshot()))
                .description(description)
                .baseUnit(unit)
                .tag("stream", name)
                .register(registry);
    }
}
