package dev.headrace.http;

import java.util.Objects;
import java.util.function.UnaryOperator;
import reactor.netty.http.client.HttpClient;

/**
 * How a {@link Transport} connects. A value: every change gives a new one.
 *
 * @param timeouts the clocks of every exchange that does not bring its own
 * @param pool the connections for ordinary calls
 * @param tls whom to trust and what to show
 * @param proxy what to connect through
 * @param http2 whether ordinary calls may use HTTP/2
 * @param customizer last word on the HTTP client, for what Headrace has no setting of
 */
public record TransportSettings(
        Timeouts timeouts,
        PoolSettings pool,
        TlsSettings tls,
        ProxySettings proxy,
        boolean http2,
        UnaryOperator<HttpClient> customizer) {

    private static final TransportSettings DEFAULTS = new TransportSettings(
            Timeouts.defaults(),
            PoolSettings.defaults(),
            TlsSettings.system(),
            ProxySettings.none(),
            false,
            UnaryOperator.identity());

    /**
     * Checks the values.
     *
     * @param timeouts as {@link #timeouts()}
     * @param pool as {@link #pool()}
     * @param tls as {@link #tls()}
     * @param proxy as {@link #proxy()}
     * @param http2 as {@link #http2()}
     * @param customizer as {@link #customizer()}
     */
    public TransportSettings {
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(proxy, "proxy");
        Objects.requireNonNull(customizer, "customizer");
    }

    /**
     * The defaults of {@link Timeouts} and {@link PoolSettings}, the system's trust, no proxy, HTTP/1.1.
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
        return new TransportSettings(timeouts, pool, tls, proxy, http2, customizer);
    }

    /**
     * Sets the pool.
     *
     * @param pool the pool
     * @return new settings
     */
    public TransportSettings pool(PoolSettings pool) {
        return new TransportSettings(timeouts, pool, tls, proxy, http2, customizer);
    }

    /**
     * Sets whom to trust and what to show.
     *
     * @param tls default {@link TlsSettings#system()}
     * @return new settings
     */
    public TransportSettings tls(TlsSettings tls) {
        return new TransportSettings(timeouts, pool, tls, proxy, http2, customizer);
    }

    /**
     * Sets what to connect through.
     *
     * @param proxy default {@link ProxySettings#none()}
     * @return new settings
     */
    public TransportSettings proxy(ProxySettings proxy) {
        return new TransportSettings(timeouts, pool, tls, proxy, http2, customizer);
    }

    /**
     * Sets whether ordinary calls over TLS use HTTP/2 where the server offers it (ALPN). Their connections are shared then: {@link
     * PoolSettings#maxConnections(int)} counts connections of many exchanges each, and {@link PoolSettings#maxPending(int)} does not limit
     * how many wait, only {@link PoolSettings#acquireTimeout(java.time.Duration)} how long. Plain HTTP, event streams and transfers stay with
     * HTTP/1.1: an event stream has a connection of its own, and a transfer would wait for HTTP/2's small window.
     *
     * @param http2 default false
     * @return new settings
     */
    public TransportSettings http2(boolean http2) {
        return new TransportSettings(timeouts, pool, tls, proxy, http2, customizer);
    }

    /**
     * Changes the HTTP client beneath, after all that Headrace sets: a Netty {@code SslContext} of one's own, wire logs, channel options. The
     * one place where Reactor Netty shows. Applied once to each profile's client, and again where a request brings TLS settings or a proxy of
     * its own; not once to each request. A header that is set here is a default: a request's own of the same name takes its place. Redirects, retries and response timeouts of the client must stay off: Headrace has its own. What is
     * set by {@code secure} here wins over all {@link TlsSettings}.
     *
     * @param more applied after what was set before
     * @return new settings
     */
    public TransportSettings customize(UnaryOperator<HttpClient> more) {
        return new TransportSettings(timeouts, pool, tls, proxy, http2, client -> more.apply(customizer.apply(client)));
    }
}
