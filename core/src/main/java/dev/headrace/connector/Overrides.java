package dev.headrace.connector;

import dev.headrace.auth.Auth;
import dev.headrace.http.Headers;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a {@linkplain Connector.Builder#when rule} changes for the requests it matches. What is not named here stays the connector's; a limit
 * or breaker that is named here is the rule's own. A value: every change gives a new one.
 */
public final class Overrides {

    static final Overrides NONE = new Overrides(List.of(), List.of());

    private final List<String> names;
    private final List<Consumer<Settings>> changes;

    private Overrides(List<String> names, List<Consumer<Settings>> changes) {
        this.names = names;
        this.changes = changes;
    }

    /**
     * Changes some of the clocks.
     *
     * @param change such as {@code t -> t.head(ofMinutes(2))}
     * @return new overrides
     */
    public Overrides timeouts(UnaryOperator<Timeouts> change) {
        Objects.requireNonNull(change, "change");
        return and("timeouts", settings -> settings.timeouts = change.apply(settings.timeouts));
    }

    /**
     * Sets the credentials.
     *
     * @param auth in place of the connector's; {@link Auth#none()} for none
     * @return new overrides
     */
    public Overrides auth(Auth auth) {
        Objects.requireNonNull(auth, "auth");
        return and("auth", settings -> settings.auth = auth);
    }

    /**
     * Sets a header for requests that do not set it themselves.
     *
     * @param name the header's name
     * @param value its value, in place of the connector's
     * @return new overrides
     */
    public Overrides header(String name, String value) {
        Headers checked = Headers.of(name, value);
        return and("header " + name, settings -> settings.headers = checked.withDefaults(settings.headers));
    }

    /**
     * Sets when failed attempts are made again.
     *
     * @param retry in place of the connector's
     * @return new overrides
     */
    public Overrides retry(RetryPolicy retry) {
        Objects.requireNonNull(retry, "retry");
        return and("retry", settings -> settings.retry(retry));
    }

    /**
     * Sets what responses mean.
     *
     * @param errors in place of the connector's
     * @return new overrides
     */
    public Overrides errors(ErrorRules errors) {
        Objects.requireNonNull(errors, "errors");
        return and("errors", settings -> settings.errors(errors));
    }

    /**
     * Sets a rate limit of its own.
     *
     * @param rateLimit in place of the connector's
     * @return new overrides
     */
    public Overrides rateLimit(RateLimitPolicy rateLimit) {
        Objects.requireNonNull(rateLimit, "rateLimit");
        return and("rateLimit", settings -> settings.rateLimit(rateLimit));
    }

    /**
     * Sets a circuit breaker of its own.
     *
     * @param circuitBreaker in place of the connector's
     * @return new overrides
     */
    public Overrides circuitBreaker(CircuitBreakerPolicy circuitBreaker) {
        Objects.requireNonNull(circuitBreaker, "circuitBreaker");
        return and("circuitBreaker", settings -> settings.circuitBreaker(circuitBreaker));
    }

    /**
     * Sets a limit of its own for what runs at once.
     *
     * @param bulkhead in place of the connector's
     * @return new overrides
     */
    public Overrides bulkhead(BulkheadPolicy bulkhead) {
        Objects.requireNonNull(bulkhead, "bulkhead");
        return and("bulkhead", settings -> settings.bulkhead(bulkhead));
    }

    /**
     * Sets how many redirects are followed.
     *
     * @param maxRedirects 0 for none
     * @return new overrides
     */
    public Overrides maxRedirects(int maxRedirects) {
        Settings.checkRedirects(maxRedirects);
        return and("maxRedirects", settings -> settings.maxRedirects = maxRedirects);
    }

    private Overrides and(String name, Consumer<Settings> change) {
        List<String> moreNames = new ArrayList<>(names);
        moreNames.add(name);
        List<Consumer<Settings>> more = new ArrayList<>(changes);
        more.add(change);
        return new Overrides(List.copyOf(moreNames), List.copyOf(more));
    }

    /** The names of what is changed. */
    List<String> names() {
        return names;
    }

    void applyTo(Settings settings) {
        changes.forEach(change -> change.accept(settings));
    }

    @Override
    public String toString() {
        return "Overrides" + names;
    }
}
