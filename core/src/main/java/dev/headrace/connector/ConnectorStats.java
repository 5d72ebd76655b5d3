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
    private final Optional<BulkheadState> bulkhead;
    private final List<RuleStats> ruleStats;
    private final List<PoolState> pools;

    ConnectorStats(Settings settings, Transport transport) {
        this.settings = new ConnectorSettings(settings);
        this.exchanges = settings.counters().snapshot();
        this.retries = settings.retryStep().stats();
        this.rateLimits = rateLimits(settings);
        this.circuits = circuits(settings);
        this.bulkhead = bulkhead(settings);
        this.ruleStats = RuleStats.of(settings.rules);
        this.pools = transport.pools();
    }

    static List<RateLimitState> rateLimits(Settings settings) {
        RateLimiter limiter = settings.limiter();
        return limiter == null ? List.of() : limiter.states();
    }

    static List<CircuitState> circuits(Settings settings) {
        CircuitBreaker breaker = settings.breaker();
        return breaker == null ? List.of() : breaker.states();
    }

    static Optional<BulkheadState> bulkhead(Settings settings) {
        return Optional.ofNullable(settings.places()).map(Bulkhead::state);
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
     * @return the counts; those of rules with a policy of their own are in {@link #ruleStats()}
     */
    public RetryStats retries() {
        return retries;
    }

    /**
     * How the rate limit stands, for each key it has seen lately.
     *
     * @return empty without a limit; those of rules are in {@link #ruleStats()}
     */
    public List<RateLimitState> rateLimits() {
        return rateLimits;
    }

    /**
     * How the circuit breaker stands, for each key it has seen lately: its position and its count of failures.
     *
     * @return empty without a breaker; those of rules are in {@link #ruleStats()}
     */
    public List<CircuitState> circuits() {
        return circuits;
    }

    /**
     * How many exchanges run and wait.
     *
     * @return empty without a bulkhead; those of rules are in {@link #ruleStats()}
     */
    public Optional<BulkheadState> bulkhead() {
        return bulkhead;
    }

    /**
     * How what rules have of their own stands: retries, limits, breakers and bulkheads that they name.
     *
     * @return an entry for each rule that has any, in the order of the rules
     */
    public List<RuleStats> ruleStats() {
        return ruleStats;
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
        return "ConnectorStats[" + exchanges + ", " + retries + ", " + rateLimits + ", " + circuits + ", " + bulkhead
                + ", "
                + ruleStats
                + ", "
                + pools
                + "]";
    }
}
