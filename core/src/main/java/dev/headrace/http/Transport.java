package dev.headrace.http;

import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The end of every chain: sends over the network. It owns its pools and event streams' connections.
 */
public interface Transport extends Exchange, AutoCloseable {

    /**
     * A transport on Reactor Netty: HTTP/1.1, and HTTP/2 for ordinary calls if {@linkplain TransportSettings#http2(boolean) set}.
     *
     * <p>Interim responses (1xx, RFC 9110 §15.2) are dropped, but for 100 that the client itself awaits and 101 that ends HTTP.
     * Nothing is followed, retried or decompressed here. Signals come on event loops, which must not be blocked.
     *
     * <p>Blocks while it reads the files of {@link TlsSettings} and resolves the name of the proxy.
     *
     * @param settings how to connect
     * @return a transport; nothing is opened before the first request
     * @throws dev.headrace.error.HeadraceException of kind {@link dev.headrace.error.FailureKind#CONFIGURATION} if a file cannot be used or
     *     the proxy is not known
     */
    static Transport over(TransportSettings settings) {
        return new NettyTransport(settings);
    }

    /**
     * How busy the pools are, one state for each origin that was called. Asking costs a walk over the origins; requests pay nothing for it.
     *
     * @return a snapshot; empty for a transport without pools
     */
    default List<PoolState> pools() {
        return List.of();
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
