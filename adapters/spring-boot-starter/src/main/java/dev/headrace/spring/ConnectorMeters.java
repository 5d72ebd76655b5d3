package dev.headrace.spring;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorStats;
import dev.headrace.connector.RuleStats;
import dev.headrace.http.PoolState;
import dev.headrace.resilience.BulkheadState;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitState;
import dev.headrace.resilience.RetryStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * How connectors stand, as meters with the tag {@code connector}. Sums over all origins: an API that redirects anywhere would make no end of
 * tags. How long calls take is for observations.
 */
final class ConnectorMeters implements MeterBinder {

    private final Connectors connectors;

    ConnectorMeters(Connectors connectors) {
        this.connectors = connectors;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        connectors.all().forEach((name, connector) -> {
            Meters<Connector, ConnectorStats> meters =
                    new Meters<>(registry, "connector", name, connector, Connector::stats);
            pool(meters);
            limits(meters);
            counts(meters);
        });
    }

    private static void pool(Meters<Connector, ConnectorStats> meters) {
        meters.gauge("headrace.pool.active", "Connections in use", stats -> pools(stats, PoolState::active));
        meters.gauge("headrace.pool.idle", "Open connections that wait", stats -> pools(stats, PoolState::idle));
        meters.gauge(
                "headrace.pool.pending", "Calls that wait for a connection", stats -> pools(stats, PoolState::pending));
    }

    private static int pools(ConnectorStats stats, ToIntFunction<PoolState> count) {
        return stats.pools().stream().mapToInt(count).sum();
    }

    private static void limits(Meters<Connector, ConnectorStats> meters) {
        meters.gauge(
                "headrace.circuits.open",
                "Circuits that let no call pass",
                stats -> all(stats, stats.circuits(), RuleStats::circuits)
                        .filter(circuit -> circuit.position() == CircuitState.Position.OPEN)
                        .count());
        meters.gauge(
                "headrace.bulkhead.running",
                "Exchanges that hold a place",
                stats -> bulkheads(stats, BulkheadState::running));
        meters.gauge(
                "headrace.bulkhead.waiting",
                "Calls that wait for a place",
                stats -> bulkheads(stats, BulkheadState::waiting));
        meters.gauge(
                "headrace.rate.limit.waiting",
                "Calls that wait for a permit",
                stats -> all(stats, stats.rateLimits(), RuleStats::rateLimits)
                        .mapToInt(RateLimitState::waiting)
                        .sum());
        meters.gauge(
                "headrace.rate.limit.paused",
                "Rate limits that a server has paused",
                stats -> all(stats, stats.rateLimits(), RuleStats::rateLimits)
                        .filter(limit -> limit.pausedUntil() != null)
                        .count());
    }

    /** The connector's, and those that rules have of their own. */
    private static <T> Stream<T> all(ConnectorStats stats, List<T> connectors, Function<RuleStats, List<T>> rules) {
        return Stream.concat(
                connectors.stream(), stats.ruleStats().stream().map(rules).flatMap(List::stream));
    }

    private static int bulkheads(ConnectorStats stats, ToIntFunction<BulkheadState> count) {
        return Stream.concat(
                        stats.bulkhead().stream(),
                        stats.ruleStats().stream().map(RuleStats::bulkhead).flatMap(Optional::stream))
                .mapToInt(count)
                .sum();
    }

    private static long retries(ConnectorStats stats, ToLongFunction<RetryStats> count) {
        return Stream.concat(
                        Stream.of(stats.retries()),
                        stats.ruleStats().stream().map(RuleStats::retries).flatMap(Optional::stream))
                .mapToLong(count)
                .sum();
    }

    private static void counts(Meters<Connector, ConnectorStats> meters) {
        meters.gauge(
                "headrace.calls.in.flight",
                "Calls that have not ended",
                stats -> stats.exchanges().inFlight());
        meters.counter(
                "headrace.retries",
                "Attempts beyond each call's first",
                null,
                stats -> retries(stats, RetryStats::retries));
        meters.counter(
                "headrace.retries.refused",
                "Retries that the budget refused",
                null,
                stats -> retries(stats, RetryStats::refused));
        meters.counter(
                "headrace.timeouts",
                "Attempts that a timeout ended",
                null,
                stats -> stats.exchanges().timeouts());
        meters.counter(
                "headrace.received",
                "Bytes of bodies handed to readers",
                BaseUnits.BYTES,
                stats -> stats.exchanges().bytesReceived());
    }
}
