package dev.headrace.http;

import dev.headrace.test.TestCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** An HTTP/2 server over TLS that answers each stream frame by frame as a script says, valid or not. */
final class Http2Server implements AutoCloseable {

    private static final TestCertificate CERTIFICATE =
            TestCertificate.authority("headrace-test CA").issueServer("localhost", "127.0.0.1");

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("http2-server", true), NioIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<Long> resets = new CopyOnWriteArrayList<>();
    private final Channel listener;

    private Http2Server(BiConsumer<String, Stream> script, Http2Settings settings) throws Exception {
        SslContext tls = SslContextBuilder.forServer(
                        new ByteArrayInputStream(CERTIFICATE.pem().getBytes(StandardCharsets.US_ASCII)),
                        new ByteArrayInputStream(CERTIFICATE.keyPem().getBytes(StandardCharsets.US_ASCII)))
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        this.listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.incrementAndGet();
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .initialSettings(settings)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Answering(script));
                                    }
                                }));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    /**
     * Starts a server.
     *
     * @param script answers a path on a stream, on an event loop
     */
    static Http2Server answering(BiConsumer<String, Stream> script) throws Exception {
        return new Http2Server(script, Http2Settings.defaultSettings());
    }

    static Http2Server answering(int maxStreams, BiConsumer<String, Stream> script) throws Exception {
        return new Http2Server(script, Http2Settings.defaultSettings().maxConcurrentStreams(maxStreams));
    }

    String url() {
        return "https://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
    }

    int connections() {
        return connections.get();
    }

    List<String> paths() {
        return paths;
    }

    /** The error codes of the streams that the client reset. */
    List<Long> resets() {
        return resets;
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Answering extends ChannelInboundHandlerAdapter {

        private final BiConsumer<String, Stream> script;

        Answering(BiConsumer<String, Stream> script) {
            this.script = script;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame head) {
                String path = head.headers().path().toString();
                paths.add(path);
                script.accept(path, new Stream(context));
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                resets.add(reset.errorCode());
            }
            context.fireUserEventTriggered(event);
        }
    }

    /** One stream's answer; each method sends one frame. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the stream, which the test sees
    static final class Stream {

        private final ChannelHandlerContext context;

        private Stream(ChannelHandlerContext context) {
            this.context = context;
        }

        Stream head(int status, boolean end, String... fields) {
            DefaultHttp2Headers headers = new DefaultHttp2Headers();
            headers.status(Integer.toString(status));
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            context.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
            return this;
        }

        Stream data(String text, boolean end) {
            return data(text.getBytes(StandardCharsets.UTF_8), end);
        }

        Stream data(byte[] bytes, boolean end) {
            context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), end));
            return this;
        }

        Stream ok(String body) {
            return head(200, false).data(body, true);
        }

        void reset(Http2Error error) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(error));
        }

        /** Tells the client to open no more streams on this connection. */
        Stream goAway() {
            context.channel()
                    .parent()
                    .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(0));
            return this;
        }

        void closeConnection() {
            context.channel().parent().close();
        }

        void after(Duration pause, Runnable action) {
            context.executor().schedule(action, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
