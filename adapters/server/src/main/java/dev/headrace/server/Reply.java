package dev.headrace.server;

import dev.headrace.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/**
 * The answer to one request: a document, or lines as they come. If the caller is not there any more, writing errors with
 * {@link CallerGoneException}; a caller that takes nothing of what is written for it is cut off by its {@link CallerConnection}.
 */
final class Reply {

    static final int OK = 200;

    private final HttpServerResponse response;
    private final RequestBody body;
    private final Tally.Visit visit;

    Reply(HttpServerResponse response, RequestBody body, Tally.Visit visit) {
        this.response = response;
        this.body = body;
        this.visit = visit;
    }

    Tally.Visit visit() {
        return visit;
    }

    RequestBody body() {
        return body;
    }

    /** Whether the status is said, and cannot be another any more. */
    boolean begun() {
        return response.hasSentHeaders();
    }

    Mono<Void> document(int status, JsonNode document) {
        return document(status, document, Map.of());
    }

    Mono<Void> document(int status, JsonNode document, Map<String, String> headers) {
        return Mono.defer(() -> {
            byte[] bytes = Json.write(document);
            begin(status, HttpHeaderValues.APPLICATION_JSON.toString());
            headers.forEach(response::header);
            // Said for HEAD: the codec leaves the bytes out, and their number has to be right.
            response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length));
            return written(response.sendByteArray(Mono.just(bytes)));
        });
    }

    /** Writes the head at once, and lines as the caller's socket takes them. */
    Mono<Void> lines(LineForm form, Flux<byte[]> lines) {
        return Mono.defer(() -> {
            begin(OK, form.type());
            // For proxies that would keep what comes slowly.
            response.header("X-Accel-Buffering", "no");
            if (response.version().equals(HttpVersion.HTTP_1_0)) {
                response.chunkedTransfer(false);
            }
            visit.streamBegins();
            return written(response.sendHeaders())
                    .thenMany(new LineBatches(lines).concatMap(this::batch, 0))
                    .then()
                    .doFinally(end -> visit.streamEnds());
        });
    }

    private Mono<Void> batch(LineBatch batch) {
        // Hidden, for of a single value Reactor Netty would make the whole answer.
        return written(response.sendByteArray(Flux.just(batch.bytes()).hide()))
                .doOnSuccess(done -> visit.wrote(batch.lines()));
    }

    private void begin(int status, String type) {
        response.status(status);
        response.header(HttpHeaderNames.CONTENT_TYPE, type);
        response.header(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        response.header("X-Content-Type-Options", "nosniff");
        if (body.hasRest()) {
            response.keepAlive(false);
        }
    }

    private static Mono<Void> written(NettyOutbound outbound) {
        return outbound.then().onErrorMap(CallerGoneException::orElse);
    }
}
