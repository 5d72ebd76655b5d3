package dev.headrace.connector;

import dev.headrace.resilience.BulkheadState;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitState;
import dev.headrace.resilience.RetryStats;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How what a {@linkplain Connector.Builder#when rule} has of its own stands: a snapshot of one moment. What it shares with its connector is
 * among the connector's.
 */
public final class RuleStats {

    private static final String RETRY = "retry";
    private static final String RATE_LIMIT = "rateLimit";
    private static final String CIRCUIT_BREAKER = "circuitBreaker";
    private static final String BULKHEAD = "bulkhead";

    /** What keeps a state, as {@link Overrides} names it. */
    private static final Set<String> STATEFUL = Set.of(RETRY, RATE_LIMIT, CIRCUIT_BREAKER, BULKHEAD);

    private final String name;
    private final Optional<RetryStats> retries;
    private final List<RateLimitState> rateLimits;
    private final List<CircuitState> circuits;
    private final Optional<BulkheadState> bulkhead;

    private RuleStats(Rule rule) {
        List<String> own = rule.overrides().names();
        Settings settings = rule.settings();
        this.name = rule.name();
        this.retries = own.contains(RETRY) ? Optional.of(settings.retryStep().stats()) : Optional.empty();
        this.rateLimits = own.contains(RATE_LIMIT) ? ConnectorStats.rateLimits(settings) : List.of();
        this.circuits = own.contains(CIRCUIT_BREAKER) ? ConnectorStats.circuits(settings) : List.of();
        this.bulkhead = own.contains(BULKHEAD) ? ConnectorStats.bulkhead(settings) : Optional.empty();
    }

    /** Of those rules that have anything of their own. */
    static List<RuleStats> of(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.overrides().names().stream().anyMatch(STATEFUL::contains))
                .map(RuleStats::new)
                .toList();
    }

    /**
     * The rule.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * Retries by a policy of its own.
     *
     * @return empty without one
     */
    public Optional<RetryStats> retries() {
        return retries;
    }

    /**
     * How a rate limit of its own stands, for each key it has seen lately.
     *
     * @return empty without one
     */
    public List<RateLimitState> rateLimits() {
        return rateLimits;
    }

    /**
     * How a circuit breaker of its own stands, for each key it has seen lately.
     *
     * @return empty without one
     */
    public List<CircuitState> circuits() {
        return circuits;
    }

    /**
     * How a bulkhead of its own stands.
     *
     * @return empty without one
     */
    public Optional<BulkheadState> bulkhead() {
        return bulkhead;
    }

    @Override
    public String toString() {
        return "RuleStats[" + name + ", " + retries + ", " + rateLimits + ", " + circuits + ", " + bulkhead + "]";
    }
}
