package dev.headrace.connector;

import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.ProxySettings;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TlsSettings;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a connector is made of, to be read; {@link Connector#mutate()} makes one that differs. It holds no secret. */
public final class ConnectorSettings {

    private final Settings settings;

    ConnectorSettings(Settings settings) {
        this.settings = settings;
    }

    /**
     * A rule, as it is listed.
     *
     * @param name by which it is removed
     * @param matches which requests it is for
     * @param overrides the names of the settings that are different for them
     */
    public record RuleEntry(String name, String matches, List<String> overrides) {
        /**
         * Checks the values.
         *
         * @param name as {@link #name()}
         * @param matches as {@link #matches()}
         * @param overrides as {@link #overrides()}
         */
        public RuleEntry {
            overrides = List.copyOf(overrides);
        }
    }

    /**
     * A hook, as it is listed.
     *
     * @param kind when it runs
     * @param name by which it is removed
     */
    public record HookEntry(Hook.Kind kind, String name) {}

    /**
     * The connector's name.
     *
     * @return default: the base URL's host
     */
    public String name() {
        return settings.name;
    }

    /**
     * The base URL.
     *
     * @return as it was given
     */
    public URI baseUrl() {
        return settings.base;
    }

    /**
     * The headers of every request that does not set them itself.
     *
     * @return printed without secrets
     */
    public Headers headers() {
        return settings.headers;
    }

    /**
     * The clocks of requests that do not bring their own.
     *
     * @return the timeouts
     */
    public Timeouts timeouts() {
        return settings.timeouts;
    }

    /**
     * The pool.
     *
     * @return its settings
     */
    public PoolSettings pool() {
        return settings.transport.pool();
    }

    /**
     * Whom it trusts and who it is over TLS.
     *
     * @return its settings, which print no secret
     */
    public TlsSettings tls() {
        return settings.transport.tls();
    }

    /**
     * The proxy.
     *
     * @return its settings, which print no secret
     */
    public ProxySettings proxy() {
        return settings.transport.proxy();
    }

    /**
     * Whether HTTP/2 is spoken with remotes that offer it.
     *
     * @return default false
     */
    public boolean http2() {
        return settings.transport.http2();
    }

    /**
     * When failed attempts are made again.
     *
     * @return the policy
     */
    public RetryPolicy retry() {
        return settings.retry();
    }

    /**
     * How fast requests may leave.
     *
     * @return the policy; empty if there is no limit
     */
    public Optional<RateLimitPolicy> rateLimit() {
        return Optional.ofNullable(settings.rateLimit());
    }

    /**
     * When a remote that fails is left alone.
     *
     * @return the policy; empty if never
     */
    public Optional<CircuitBreakerPolicy> circuitBreaker() {
        return Optional.ofNullable(settings.circuitBreaker());
    }

    /**
     * How many exchanges may run at once.
     *
     * @return the policy; empty for none: then only the pool says how many are on the wire
     */
    public Optional<BulkheadPolicy> bulkhead() {
        return Optional.ofNullable(settings.bulkhead());
    }

    /**
     * Which other origins are trusted.
     *
     * @return the policy
     */
    public OriginPolicy origins() {
        return settings.origins;
    }

    /**
     * How many redirects of one request are followed.
     *
     * @return 0 for none
     */
    public int maxRedirects() {
        return settings.maxRedirects;
    }

    /**
     * Whether cookies are kept.
     *
     * @return default false
     */
    public boolean keepsCookies() {
        return settings.cookies();
    }

    /**
     * The rules, in the order in which they are asked.
     *
     * @return their entries
     */
    public List<RuleEntry> rules() {
        return settings.rules.stream()
                .map(rule -> new RuleEntry(
                        rule.name(), rule.matcher().toString(), rule.overrides().names()))
                .toList();
    }

    /**
     * The hooks, in the order in which they run.
     *
     * @return their entries
     */
    public List<HookEntry> hooks() {
        return settings.hooks.stream()
                .map(hook -> new HookEntry(hook.kind(), hook.name()))
                .toList();
    }

    /**
     * The names of the endpoints.
     *
     * @return in the order in which they were named
     */
    public Set<String> endpoints() {
        return Collections.unmodifiableSet(settings.endpoints.keySet());
    }

    @Override
    public String toString() {
        return "ConnectorSettings[" + name() + ", " + timeouts() + ", " + pool() + ", " + retry() + ", " + origins()
                + ", rules " + rules() + ", hooks " + hooks() + "]";
    }
}
