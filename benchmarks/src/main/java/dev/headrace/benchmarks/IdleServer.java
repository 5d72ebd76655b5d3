package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

/**
 * Event streams that say nothing: {@code GET /events/17} gives the event {@code 17 first} and silence, until {@code GET /again} makes each of
 * them say {@code 17 again}, and go on with silence.
 */
final class IdleServer {

    private static final int BACKLOG = 4096;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String DONE = "HTTP/1.1 204 No Content\r\n\r\n";

    private final Map<Channel, String> streams = new ConcurrentHashMap<>();

    private IdleServer() {}

    static DisposableServer start() {
        IdleServer server = new IdleServer();
        return TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .runOn(LoopResources.create("idle-server", 1, true))
                .handle(server::answer)
                .bindNow();
    }

    private Publisher<Void> answer(NettyInbound in, NettyOutbound out) {
        // The heads of these clients are short and each comes in one piece.
        return in.receive()
                .asString(StandardCharsets.US_ASCII)
                .concatMap(head -> {
                    String path = head.split(" ", 3)[1];
                    return path.equals("/again")
                            ? again(out)
                            : begin(in, out, path.substring(path.lastIndexOf('/') + 1));
                })
                .then();
    }

    private Mono<Void> begin(NettyInbound in, NettyOutbound out, String name) {
        in.withConnection(connection -> {
            streams.put(connection.channel(), name);
            var unused = connection.channel().closeFuture().addListener(end -> streams.remove(connection.channel()));
        });
        return out.sendString(Mono.just(HEAD + chunk(name + " first")), StandardCharsets.US_ASCII)
                .then();
    }

    private Mono<Void> again(NettyOutbound out) {
        Flux<Void> all = Flux.fromIterable(streams.entrySet())
                .doOnNext(stream -> {
                    ByteBuf event =
                            ByteBufUtil.writeAscii(stream.getKey().alloc(), chunk(stream.getValue() + " again"));
                    var unused = stream.getKey().writeAndFlush(event);
                })
                .thenMany(Flux.empty());
        return all.then(
                out.sendString(Mono.just(DONE), StandardCharsets.US_ASCII).then());
    }

    private static String chunk(String data) {
        String event = "data: " + data + "\n\n";
        return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    }
}
