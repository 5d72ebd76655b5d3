package dev.headrace.http;

import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends a request and gives its response: the seam between interceptors, and between them and the transport.
 */
@FunctionalInterface
public interface Exchange {

    /**
     * Sends a request once subscribed; subscribing twice sends twice.
     *
     * <p>For interceptors. Whoever gets the response owns its body and must read, discard or pass it on; the scoped form
     * {@link #exchange(Request, Function)} does that for you.
     *
     * @param request what to send
     * @return the response, as soon as its head has come; it never fails because of a status. Cancelling before the head
     *     closes the connection
     */
    Mono<Response> exchange(Request request);

    /**
     * Sends a request when the first element is asked for and hands the response to a reader. When the reader ends, fails or
     * is cancelled, whatever is left of this response and of every other that was received on the way is given back: no body
     * is ever left unread, whatever the interceptors between did with it.
     *
     * @param request what to send
     * @param reader makes the result from the response; the body must be read within what it returns
     * @param <R> the type of the results
     * @return what the reader made. Cancelling closes the connection unless the body has been read to its end
     */
    default <R> Flux<R> exchange(Request request, Function<? super Response, ? extends Publisher<? extends R>> reader) {
        return ScopedExchange.of(this, request, reader);
    }
}
