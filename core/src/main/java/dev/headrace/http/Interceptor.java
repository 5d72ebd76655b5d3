package dev.headrace.http;

import reactor.core.publisher.Mono;

/**
 * One cross-cutting behaviour of an exchange: retry, credentials, limits, logs. Interceptors change an exchange; what only
 * observes is a listener.
 */
@FunctionalInterface
public interface Interceptor {

    /**
     * Handles a request, usually by passing it on, changed or not, once or more often.
     *
     * <p>Nothing may happen before subscription. An interceptor that does not pass a response on must
     * {@linkplain Response#discard() discard} it.
     *
     * @param request what the caller sends
     * @param next the rest of the chain
     * @return the response for the caller
     */
    Mono<Response> intercept(Request request, Exchange next);

    /**
     * An exchange with this behaviour around it.
     *
     * @param next the rest of the chain
     * @return the exchange
     */
    default Exchange around(Exchange next) {
        return request -> intercept(request, next);
    }

    /**
     * Reads the head of a document before the response is handed on, for requests that ask for it by
     * {@link ExchangeOptions#documentHead(int)}; belongs inside retry.
     *
     * @return the interceptor
     */
    static Interceptor documentHead() {
        return new DocumentHead();
    }

    /**
     * Asks for gzip and decompresses it, for requests that ask for it by {@link ExchangeOptions#decompress(boolean)}; belongs next to
     * the transport.
     *
     * @return the interceptor
     */
    static Interceptor decompression() {
        return new Decompression();
    }
}
