package dev.headrace.spring;

import dev.headrace.http.Redactor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code headrace.connectors.NAME}: one remote API.
 *
 * @param baseUrl Absolute http or https URL; a path in it is kept in front of every request's path. Required.
 * @param headers Headers of every request that does not set them itself.
 * @param maxRedirects How many redirects of one request are followed; 0 hands them on as answers. Default 5.
 * @param cookies Whether cookies are kept in memory and sent back.
 * @param http2 Whether HTTP/2 is spoken with remotes that offer it.
 * @param auth How requests are signed.
 * @param timeouts The clocks of one exchange.
 * @param pool The connections for ordinary calls.
 * @param retry When failed attempts are made again.
 * @param rateLimit How fast requests may leave. Default no limit.
 * @param circuitBreaker When a remote that fails is left alone. Default never.
 * @param bulkhead How many exchanges may run at once. Default as many as the pool has connections.
 * @param origins Which other origins are trusted.
 * @param ssl Whom to trust and who to be over TLS.
 * @param proxy What connections go through.
 * @param health How the remote's health is found out.
 */
@ConfigurationPropertiesSource
record ConnectorProperties(
        @Nullable String baseUrl,
        @DefaultValue Map<String, String> headers,
        @Nullable Integer maxRedirects,
        boolean cookies,
        boolean http2,
        @NestedConfigurationProperty @Nullable AuthProperties auth,
        @NestedConfigurationProperty @Nullable TimeoutsProperties timeouts,
        @NestedConfigurationProperty @Nullable PoolProperties pool,
        @NestedConfigurationProperty @Nullable RetryProperties retry,
        @NestedConfigurationProperty @Nullable RateLimitProperties rateLimit,
        @NestedConfigurationProperty @Nullable CircuitBreakerProperties circuitBreaker,
        @NestedConfigurationProperty @Nullable BulkheadProperties bulkhead,
        @NestedConfigurationProperty @Nullable OriginsProperties origins,
        @Nullable Ssl ssl,
        @NestedConfigurationProperty @Nullable ProxyProperties proxy,
        @DefaultValue Health health) {

    /**
     * {@code ssl}.
     *
     * @param bundle Name of an SSL bundle of Spring Boot, spring.ssl.bundle.*: its trust, its certificate, its options.
     */
    record Ssl(@Nullable String bundle) {}

    /**
     * {@code health}.
     *
     * @param enabled Whether the remote is asked for its health by Actuator.
     * @param probe Path that is asked; it should be cheap for the remote and harmless. Default the base URL.
     */
    record Health(
            @DefaultValue("true") boolean enabled, @Nullable String probe) {}

    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        headers.forEach((name, value) -> shown.put(name, Redactor.value(name, value)));
        return "ConnectorProperties[" + (baseUrl == null ? "" : Redactor.uri(baseUrl)) + ", headers " + shown + "]";
    }
}
