package dev.headrace.spring;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.ReactiveHttpOutputMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A body whose parts are written and flushed as they come, and asked for as the socket takes them. The message begins with the first part, so
 * that a failure before can have a status of its own.
 *
 * <p>Reactor Netty takes 128 buffers ahead of the socket, whatever their size, and 32 parts ahead of those. So large parts go in pieces, and a
 * part is asked for only when the one before has been taken: what waits for a reader that does not read is 128 pieces and one part more.
 */
final class PacedBody {

    /** Bytes; times 128 it is 1 MiB. */
    private static final int PIECE = 8 * 1024;

    private PacedBody() {}

    static Mono<Void> write(Flux<byte[]> parts, ReactiveHttpOutputMessage message) {
        DataBufferFactory buffers = message.bufferFactory();
        return message.writeAndFlushWith(parts.concatMap(part -> offered(part, buffers), 0));
    }

    /** Emits the part, and ends when it has been taken. */
    private static Publisher<Flux<DataBuffer>> offered(byte[] part, DataBufferFactory buffers) {
        Sinks.Empty<Flux<DataBuffer>> taken = Sinks.empty();
        return Mono.just(pieces(part, buffers).doFinally(end -> taken.tryEmitEmpty()))
                .concatWith(taken.asMono());
    }

    private static Flux<DataBuffer> pieces(byte[] part, DataBufferFactory buffers) {
        if (part.length <= PIECE) {
            return Flux.just(part).map(buffers::wrap);
        }
        int pieces = (part.length + PIECE - 1) / PIECE;
        return Flux.range(0, pieces).map(index -> {
            int begin = index * PIECE;
            return buffers.wrap(ByteBuffer.wrap(part, begin, Math.min(PIECE, part.length - begin)));
        });
    }
}
