package dev.headrace.test;

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
}
