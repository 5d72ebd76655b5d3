package dev.headrace.test;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * How a server answers one request.
 *
 * <p>Called on an event loop, so it must not block. The answer ends when the publisher completes; an error becomes a
 * 500, or a closed connection if the head of the response is already out. When the client leaves, the publisher is
 * cancelled.
 */
@FunctionalInterface
public interface Route {

    /**
     * Answers a request.
     *
     * @param request what was asked; its body, if any, is {@code request.receive()}
     * @param response where to answer
     * @return completes when the response is written
     */
    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response);

    /**
     * A server on a free port that answers every path with this route.
     *
     * @return a running server, to be closed by the caller
     */
    default TestServer start() {
        return TestServer.builder().route("/**", this).start();
    }

    /**
     * The same answers with a header field more.
     *
     * @param name the field's name, one that this route does not send itself: it is added, nothing is replaced
     * @param value its value
     * @return the route with this field
     */
    default Route header(String name, String value) {
        return (request, response) -> {
            response.responseHeaders().add(name, value);
            return handle(request, response);
        };
    }

    /**
     * A route that always answers the same, once the request's body is in.
     *
     * @param status the status code
     * @param contentType the media type, for example {@code application/json}
     * @param body the text, sent as UTF-8 with a {@code Content-Length}
     * @return the route
     */
    static Route fixed(int status, String contentType, String body) {
        return (request, response) -> {
            Answer answer = new Answer();
            answer.status = status;
            answer.headers.set("Content-Type", contentType);
            answer.body = Content.text(body);
            return request.receive().then(answer.sendTo(request, response));
        };
    }

    /**
     * A route that answers its first request by the first of some routes, its second by the second, and so on; the last answers all that
     * follow. So a route of one's own may fail in between:
     *
     * <pre>{@code
     * Route.inOrder(accounts, Route.fixed(429, "application/json", "{}").header("Retry-After", "1"), Route.hangingUp(), accounts)
     * }</pre>
     *
     * <p>It counts from its creation, over all servers that have it.
     *
     * @param routes at least one; one that is named twice keeps what it remembers
     * @return the route
     * @throws IllegalArgumentException if there is none
     */
    static Route inOrder(Route... routes) {
        if (routes.length == 0) {
            throw new IllegalArgumentException("inOrder must have at least one route");
        }
        List<Route> all = List.of(routes);
        AtomicInteger next = new AtomicInteger();
        return (request, response) -> {
            int turn = next.getAndUpdate(n -> Math.min(n + 1, all.size() - 1));
            return all.get(turn).handle(request, response);
        };
    }

    /**
     * A route that closes the connection without an answer, with a FIN, once it has read the head of the request.
     *
     * @return the route
     */
    static Route hangingUp() {
        return (request, response) -> Wire.close(Wire.channel(response::withConnection));
    }
}
