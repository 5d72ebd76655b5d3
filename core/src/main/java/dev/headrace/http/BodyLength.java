package dev.headrace.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps the stream of a body to the length announced for it: a server must not take what is short for the whole. */
final class BodyLength {

    private final long announced;
    private long seen;

    private BodyLength(long announced) {
        this.announced = announced;
    }

    /** The same bytes, counted for each subscriber. One buffer with too many is not handed on. */
    static Flux<ByteBuffer> enforced(Flux<ByteBuffer> content, long announced) {
        Objects.requireNonNull(content, "content");
        return Flux.defer(() -> {
            BodyLength length = new BodyLength(announced);
            return content.doOnNext(length::add).concatWith(Mono.defer(length::checked));
        });
    }

    private void add(ByteBuffer bytes) {
        seen += bytes.remaining();
        if (seen > announced) {
            throw new BodyLengthException(announced, "has more");
        }
    }

    private Mono<ByteBuffer> checked() {
        return seen == announced ? Mono.empty() : Mono.error(new BodyLengthException(announced, "ended after " + seen));
    }
}
