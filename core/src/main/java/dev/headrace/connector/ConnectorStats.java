package dev.headrace.connector;

import dev.headrace.http.PoolState;
import dev.headrace.http.Timeouts;
import dev.headrace.http.Transport;
import dev.headrace.observe.ExchangeCounts;
import dev.headrace.resilience.Bulkhead;
import dev.headrace.resilience.BulkheadState;
import dev.headrace.resilience.CircuitBreaker;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitState;
import dev.headrace.resilience.RateLimiter;
import dev.headrace.resilience.RetryStats;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has happened on a connector so far, and how its limits, breakers and pool stand: a snapshot of one moment. Variants made by
 * {@link Connector#mutate()} count together with their root.
 */
public final class ConnectorStats {

    private final ConnectorSettings settings;
    private final ExchangeCounts exchanges;
    private final RetryStats retries;
    private final List<RateLimitState> rateLimits;
    private final List<CircuitState> circuits;
    private final @Nullable BulkheadState bulkhead;
    private final List<PoolState> pools;

    ConnectorStats(Settings settings, Transport transport) {
        this.settings = new ConnectorSettings(settings);
        this.exchanges = settings.counters().snapshot();
        this.retries = settings.retryStep().stats();
        RateLimiter limiter = settings.limiter();
        this.rateLimits = limiter == null ? List.of() : limiter.states();
        CircuitBreaker breaker = settings.breaker();
        this.circuits = breaker == null ? List.of() : breaker.states();
        Bulkhead places = settings.places();
        this.bulkhead = places == null ? null : places.state();
        this.pools = transport.pools();
    }

    /**
     * Calls, requests, responses, failures, timeouts, bytes and latency.
     *
     * @return the counts
     */
    public ExchangeCounts exchanges() {
        return exchanges;
    }

    /**
     * Retries, and how many the budget refused.
     *
     * @return the counts
     */
    public RetryStats retries() {
        return retries;
    }

    /**
     * How the rate limit stands, for each key it has seen lately.
     *
     * @return empty without a limit; those of rules are not among them
     */
    public List<RateLimitState> rateLimits() {
        return rateLimits;
    }

    /**
     * How the circuit breaker stands, for each key it has seen lately: its position and its count of failures.
     *
     * @return empty without a breaker; those of rules are not among them
     */
    public List<CircuitState> circuits() {
        return circuits;
    }

    /**
     * How many exchanges run and wait.
     *
     * @return empty without a bulkhead
     */
    public Optional<BulkheadState> bulkhead() {
        return Optional.ofNullable(bulkhead);
    }

    /**
     * How the pools stand, for each origin.
     *
     * @return connections in use, idle, and callers that wait for one
     */
    public List<PoolState> pools() {
        return pools;
    }

    /**
     * The clocks.
     *
     * @return the timeouts
     */
    public Timeouts timeouts() {
        return settings.timeouts();
    }

    /**
     * The rules, in the order in which they are asked.
     *
     * @return their entries
     */
    public List<ConnectorSettings.RuleEntry> rules() {
        return settings.rules();
    }

    /**
     * The hooks, in the order in which they run.
     *
     * @return their entries
     */
    public List<ConnectorSettings.HookEntry> hooks() {
        return settings.hooks();
    }

    @Override
    public String toString() {
        return "ConnectorStats[" + exchanges + ", " + retries + ", " + rateLimits + ", " + circuits + ", " + bulkhead()
                + ", "
                + pools
                + "]";
    }
}
