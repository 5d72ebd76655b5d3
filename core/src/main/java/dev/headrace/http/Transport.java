package dev.headrace.http;

import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * The end of every chain: sends over the network. It owns its pools and event streams' connections.
 */
public interface Transport extends Exchange, AutoCloseable {

    /**
     * A transport on Reactor Netty, HTTP/1.1.
     *
     * <p>Interim responses (1xx, RFC 9110 §15.2) are dropped, but for 100 that the client itself awaits and 101 that ends HTTP.
     * Nothing is followed, retried or decompressed here. Signals come on event loops, which must not be blocked.
     *
     * @param settings how to connect
     * @return a transport; nothing is opened before the first request
     */
    static Transport over(TransportSettings settings) {
        return new NettyTransport(settings);
    }

    /** Closes at once: exchanges under way end with {@link TransportException}, later ones with {@link IllegalStateException}. */
    @Override
    void close();

    /**
     * Refuses new exchanges, waits for those under way, then closes.
     *
     * @param grace longest wait; what is still under way then is ended as by {@link #close()}
     * @return completes when everything is closed; nothing happens before subscription
     */
    Mono<Void> closeGracefully(Duration grace);
}
