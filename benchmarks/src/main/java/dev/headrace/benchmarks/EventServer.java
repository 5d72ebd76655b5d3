package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

/**
 * Answers every request with the same events. One thread sends what was made before, the frames of HTTP's chunks included: a server that
 * framed each chunk while it sends would be slower than those who are measured.
 *
 * <p>A request of HTTP/1.0 gets the events without chunks, and the end of the connection behind them.
 */
final class EventServer {

    private static final String HEAD = " 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n";

    private final int times;
    private final ByteBuf chunkedHead = ascii("HTTP/1.1" + HEAD + "Transfer-Encoding: chunked\r\n\r\n");
    private final ByteBuf lastChunk = ascii("0\r\n\r\n");
    private final ByteBuf plainHead = ascii("HTTP/1.0" + HEAD + "Connection: close\r\n\r\n");
    private final ByteBuf chunked = Unpooled.directBuffer();
    private final ByteBuf plain = Unpooled.directBuffer();

    private EventServer(int times, List<byte[]> chunks) {
        this.times = times;
        for (byte[] chunk : chunks) {
            write(chunked, Integer.toHexString(chunk.length) + "\r\n");
            chunked.writeBytes(chunk);
            write(chunked, "\r\n");
            plain.writeBytes(chunk);
        }
    }

    /**
     * Starts a server.
     *
     * @param times how often the chunks are sent in one response
     * @param chunks what is one chunk each
     */
    static DisposableServer start(int times, List<byte[]> chunks) {
        EventServer server = new EventServer(times, chunks);
        DisposableServer bound = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(LoopResources.create("event-server", 1, true))
                .handle(server::answer)
                .bindNow();
        bound.onDispose(server::release);
        return bound;
    }

    private Publisher<Void> answer(NettyInbound in, NettyOutbound out) {
        // The heads of these clients are short and each comes in one piece.
        return in.receive()
                .asString(StandardCharsets.US_ASCII)
                .concatMap(head -> head.contains(" HTTP/1.0\r\n")
                        ? send(out, plainHead, plain, Unpooled.EMPTY_BUFFER).thenReturn(false)
                        : send(out, chunkedHead, chunked, lastChunk).thenReturn(true))
                .takeWhile(another -> another)
                .then();
    }

    private Mono<Void> send(NettyOutbound out, ByteBuf first, ByteBuf block, ByteBuf last) {
        Flux<ByteBuf> blocks = Flux.range(0, times).map(i -> block);
        return out.send(Flux.concat(Mono.just(first), blocks, Mono.just(last)).map(ByteBuf::retainedDuplicate))
                .then();
    }

    /** Responses under way have counts of their own. */
    private void release() {
        Stream.of(chunkedHead, lastChunk, plainHead, chunked, plain).forEach(ByteBuf::release);
    }

    private static ByteBuf ascii(String text) {
        ByteBuf buffer = Unpooled.directBuffer(text.length());
        write(buffer, text);
        return buffer;
    }

    private static void write(ByteBuf buffer, String text) {
        buffer.writeCharSequence(text, StandardCharsets.US_ASCII);
    }
}
