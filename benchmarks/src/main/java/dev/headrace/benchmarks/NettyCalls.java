package dev.headrace.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Netty and its HTTP codec with nothing above: a connection for each request in flight, the next request behind each answer. The limit for
 * whoever speaks HTTP with Netty.
 */
final class NettyCalls {

    private NettyCalls() {}

    static Contestant.Preparation bare(int inFlight) {
        return (url, knobs) -> {
            URI server = URI.create(url);
            Bootstrap bootstrap = new Bootstrap()
                    .group(new MultiThreadIoEventLoopGroup(
                            new DefaultThreadFactory("bare-netty", true), NioIoHandler.newFactory()))
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpClientCodec(), new Caller(server.getAuthority()));
                        }
                    });
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < inFlight; i++) {
                Channel channel = bootstrap
                        .connect(server.getHost(), server.getPort())
                        .sync()
                        .channel();
                callers.add(channel.pipeline().get(Caller.class));
            }
            return () -> {
                AtomicInteger left = new AtomicInteger(knobs.items());
                List<CompletableFuture<Tally>> results =
                        callers.stream().map(caller -> caller.start(left)).toList();
                long items = 0;
                long sum = 0;
                for (CompletableFuture<Tally> result : results) {
                    items += result.join().items();
                    sum += result.join().sum();
                }
                return new Tally(items, sum);
            };
        };
    }

    /** One connection: calls as long as there are calls left. All but {@link #start} runs on its event loop. */
    private static final class Caller extends ChannelInboundHandlerAdapter {

        private final String host;
        private volatile ChannelHandlerContext context;
        private AtomicInteger left = new AtomicInteger();
        private CompletableFuture<Tally> result = new CompletableFuture<>();
        private Tally.Counter counter = new Tally.Counter();
        private int length;

        @SuppressWarnings("NullAway.Init") // A handler has its context before its connection is there.
        Caller(String host) {
            this.host = host;
        }

        CompletableFuture<Tally> start(AtomicInteger left) {
            CompletableFuture<Tally> result = new CompletableFuture<>();
            context.executor().execute(() -> {
                this.left = left;
                this.result = result;
                this.counter = new Tally.Counter();
                next();
            });
            return result;
        }

        private void next() {
            if (left.getAndDecrement() > 0) {
                length = 0;
                DefaultFullHttpRequest request = new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1, HttpMethod.GET, Requests.PATH, Unpooled.EMPTY_BUFFER);
                request.headers().set(HttpHeaderNames.HOST, host);
                var unused = context.writeAndFlush(request, context.voidPromise());
            } else {
                result.complete(counter.result());
            }
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            this.context = context;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpContent content) {
                length += content.content().readableBytes();
            }
            boolean last = message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
            if (last) {
                counter.add(length);
                next();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            result.completeExceptionally(new IOException("The server has closed a connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            result.completeExceptionally(failure);
        }
    }
}
