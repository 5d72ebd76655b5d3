package dev.headrace.http;

import java.util.Objects;
import java.util.function.UnaryOperator;
import reactor.netty.http.client.HttpClient;

/**
 * How a {@link Transport} connects. A value: every change gives a new one.
 *
 * @param timeouts the clocks of every exchange that does not bring its own
 * @param pool the connections for ordinary calls
 * @param customizer last word on the HTTP client, for what Headrace has no setting of
 */
public record TransportSettings(Timeouts timeouts, PoolSettings pool, UnaryOperator<HttpClient> customizer) {

    private static final TransportSettings DEFAULTS =
            new TransportSettings(Timeouts.defaults(), PoolSettings.defaults(), UnaryOperator.identity());

    /**
     * Checks the values.
     *
     * @param timeouts as {@link #timeouts()}
     * @param pool as {@link #pool()}
     * @param customizer as {@link #customizer()}
     */
    public TransportSettings {
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(customizer, "customizer");
    }

    /**
     * The defaults of {@link Timeouts} and {@link PoolSettings}.
     *
     * @return the defaults
     */
    public static TransportSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the clocks.
     *
     * @param timeouts the timeouts
     * @return new settings
     */
    public TransportSettings timeouts(Timeouts timeouts) {
        return new TransportSettings(timeouts, pool, customizer);
    }

    /**
     * Sets the pool.
     *
     * @param pool the pool
     * @return new settings
     */
    public TransportSettings pool(PoolSettings pool) {
        return new TransportSettings(timeouts, pool, customizer);
    }

    /**
     * Changes the HTTP client beneath, after all that Headrace sets: TLS, proxy, wire logs, channel options. The one place where
     * Reactor Netty shows. Applied once to each profile's client, not once to each request. Redirects, retries and response
     * timeouts of the client must stay off: Headrace has its own.
     *
     * @param more applied after what was set before
     * @return new settings
     */
    public TransportSettings customize(UnaryOperator<HttpClient> more) {
        return new TransportSettings(timeouts, pool, client -> more.apply(customizer.apply(client)));
    }
}
