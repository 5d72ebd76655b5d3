package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

/**
 * Answers every request with the same few bytes. One thread looks for the end of each head and nothing else: a server that parsed requests
 * would be as dear as those who make them.
 */
final class TinyServer {

    /** What every answer has for a body. */
    static final byte[] BODY = "{}".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length
                    + "\r\n\r\n"
                    + new String(BODY, StandardCharsets.US_ASCII))
            .getBytes(StandardCharsets.US_ASCII);

    private TinyServer() {}

    static DisposableServer start() {
        ByteBuf answer = Unpooled.directBuffer(ANSWER.length).writeBytes(ANSWER);
        DisposableServer server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(LoopResources.create("tiny-server", 1, true))
                .handle((in, out) -> {
                    // In front of all that would make a stream of what is read.
                    in.withConnection(connection -> {
                        connection.channel().pipeline().addFirst(new Answers(answer));
                        connection.channel().config().setAutoRead(true);
                    });
                    return Mono.never();
                })
                .bindNow();
        // Answers under way have counts of their own.
        server.onDispose(answer::release);
        return server;
    }

    private static final class Answers extends ChannelInboundHandlerAdapter {

        private static final byte[] END = {'\r', '\n', '\r', '\n'};

        private final ByteBuf answer;

        // How much of the end of a head has been seen: a head may come in pieces.
        private int matched;

        Answers(ByteBuf answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                bytes.forEachByte(b -> {
                    matched = b == END[matched] ? matched + 1 : b == '\r' ? 1 : 0;
                    if (matched == END.length) {
                        matched = 0;
                        var unused = context.write(answer.retainedDuplicate(), context.voidPromise());
                    }
                    return true;
                });
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, @Nullable Throwable failure) {
            // A contestant that has ended resets its connections.
            var unused = context.close();
        }
    }
}
