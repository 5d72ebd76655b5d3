package dev.headrace.test;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * One response while it is being put together: a route fills it in, faults spoil it, and it sends itself.
 *
 * <p>Lives for one request, on one thread.
 */
class Answer {

    /** How a client learns where the body ends (RFC 9112 §6.3). */
    enum Framing {
        CONTENT_LENGTH,
        CHUNKED,
        CLOSE
    }

    private static final int BLOCK = 64 * 1024;
    private static final int TICKS_PER_SECOND = 20;

    int status = 200;
    final HttpHeaders headers = new DefaultHttpHeaders();
    /** Set last, over what the route and the framing say. */
    final HttpHeaders overriding = new DefaultHttpHeaders();

    Content body = Content.text("");
    Framing framing = Framing.CONTENT_LENGTH;
    Duration delay = Duration.ZERO;

    /** Set by a fault that answers in place of the route. */
    boolean failed;

    /** What a fault asks of the route itself, and how: the route looks for the deviations it knows. */
    final Map<Enum<?>, String> deviations = new HashMap<>();

    /** The most items the route may put on this page, however many were asked for. */
    int itemsAtMost = Integer.MAX_VALUE;

    /** What becomes of the body once the route has written it. */
    UnaryOperator<Content> rewriting = UnaryOperator.identity();

    /** Closed without an answer. */
    boolean dropped;

    /** Said in {@code Content-Length}; negative for the truth. */
    long claimedLength = -1;

    /** Bytes of the body after which the connection is cut, by FIN or by RST. */
    long cutAfter = Long.MAX_VALUE;

    boolean reset;

    /** Bytes of the body after which nothing more comes. */
    long stallAfter = Long.MAX_VALUE;

    long bytesPerSecond = Long.MAX_VALUE;

    final void fail(int status, String text) {
        this.failed = true;
        this.status = status;
        this.body = Content.text(text);
    }

    final void json(String text) {
        headers.set("Content-Type", "application/json; charset=utf-8");
        body = Content.text(text);
    }

    /** Answers with a JSON text instead of what the route would say. */
    final void failJson(int status, String text) {
        failed = true;
        this.status = status;
        json(text);
    }

    final Mono<Void> sendTo(HttpServerRequest request, HttpServerResponse response) {
        Mono<Void> sending = Mono.defer(() -> transmit(request, response));
        return delay.isZero() ? sending : Mono.delay(delay).then(sending);
    }

    private Mono<Void> transmit(HttpServerRequest request, HttpServerResponse response) {
        Channel channel = Wire.channel(response::withConnection);
        if (dropped) {
            return reset ? Wire.reset(channel) : Wire.close(channel);
        }
        response.status(status).chunkedTransfer(framing == Framing.CHUNKED);
        response.responseHeaders().add(headers);
        boolean bodiless = status == 204 || status == 304;
        switch (framing) {
            case CONTENT_LENGTH -> {
                if (!bodiless) {
                    response.responseHeaders().set("Content-Length", claimedLength < 0 ? body.length() : claimedLength);
                }
            }
            case CLOSE -> response.keepAlive(false);
            case CHUNKED -> {}
        }
        response.responseHeaders().setAll(overriding);
        Mono<Void> head = response.sendHeaders().then();
        if (bodiless || request.method().equals(HttpMethod.HEAD)) {
            return head;
        }
        long end = Math.min(body.length(), Math.min(cutAfter, stallAfter));
        Mono<Void> sent = head.then(bytesUpTo(end, channel));
        if (stallAfter < cutAfter && stallAfter <= body.length()) {
            return sent.then(Mono.never());
        }
        if (cutAfter <= body.length()) {
            return sent.then(reset ? Wire.reset(channel) : Wire.close(channel));
        }
        return sent;
    }

    private Mono<Void> bytesUpTo(long end, Channel channel) {
        boolean throttled = bytesPerSecond != Long.MAX_VALUE;
        int step = throttled ? (int) Math.max(1, Math.min(BLOCK, bytesPerSecond / TICKS_PER_SECOND)) : BLOCK;
        Flux<Long> starts = Flux.generate(() -> 0L, (from, sink) -> {
            if (from >= end) {
                sink.complete();
            } else {
                sink.next(from);
            }
            return from + step;
        });
        long started = System.nanoTime();
        return starts.concatMap(
                        from -> {
                            Mono<Void> write = Mono.defer(() ->
                                    Wire.write(channel, body.bytes(from, (int) Math.min(step, end - from))));
                            if (!throttled) {
                                return write;
                            }
                            // Counted from the start, or the timer's imprecision would add up.
                            long due = (long) (1e9 * from / bytesPerSecond) - (System.nanoTime() - started);
                            return due <= 0
                                    ? write
                                    : Mono.delay(Duration.ofNanos(due)).then(write);
                        },
                        1)
                .then();
    }
}
