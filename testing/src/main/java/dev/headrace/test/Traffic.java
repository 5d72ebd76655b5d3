package dev.headrace.test;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;

/** What passed through a server: connections, requests and bytes. Written on event loops, read by tests. */
final class Traffic {

    private static final int BODY_LIMIT = 64 * 1024;
    private static final String BODY_RECORDER = "headrace.recorder.body";

    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesSent = new AtomicLong();
    private final List<Arrival> arrivals = new ArrayList<>();

    /** Starts counting a new connection and returns its number. */
    @SuppressWarnings("FutureReturnValueIgnored") // a listener needs no further listener
    int accept(Channel channel) {
        int number = accepted.incrementAndGet();
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
        // First in the pipeline is nearest to the socket: its promises complete when the socket took the bytes.
        channel.pipeline().addFirst("headrace.sent", new SentBytes());
        return number;
    }

    /** Records HTTP requests where they leave the codec, before anything may discard them. */
    ChannelInboundHandlerAdapter recorder(int connection) {
        return new ChannelInboundHandlerAdapter() {
            private Arrival current = new Arrival("", "", Map.of(), connection, Instant.EPOCH);

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest request) {
                    current = arrived(request.method().name(), request.uri(), fields(request.headers()), connection);
                }
                current.append(message);
                context.fireChannelRead(message);
            }
        };
    }

    /** Records a request that is about to be handled. */
    Arrival arrived(HttpServerRequest request, int connection) {
        return arrived(request.method().name(), request.uri(), fields(request.requestHeaders()), connection);
    }

    /** Records what of a request's body is still to come. */
    void recordBody(Channel channel, Arrival arrival) {
        if (channel.pipeline().get(BODY_RECORDER) != null) {
            channel.pipeline().remove(BODY_RECORDER);
        }
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, BODY_RECORDER, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                arrival.append(message);
                context.fireChannelRead(message);
            }
        });
    }

    private static Map<String, List<String>> fields(HttpHeaders from) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        from.forEach(field -> headers.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                .add(field.getValue()));
        return headers;
    }

    Arrival arrived(String method, String uri, Map<String, List<String>> headers, int connection) {
        Arrival arrival = new Arrival(method, uri, headers, connection, Instant.now());
        synchronized (arrivals) {
            arrivals.add(arrival);
        }
        return arrival;
    }

    List<RecordedRequest> requests() {
        synchronized (arrivals) {
            return arrivals.stream().map(Arrival::snapshot).toList();
        }
    }

    int accepted() {
        return accepted.get();
    }

    Set<Channel> open() {
        return open;
    }

    long bytesSent() {
        return bytesSent.get();
    }

    /** A request whose body may still be coming. */
    static final class Arrival {

        private final String method;
        private final String uri;
        private final Map<String, List<String>> headers;
        private final int connection;
        private final Instant at;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
        private long bodyBytes;

        Arrival(String method, String uri, Map<String, List<String>> headers, int connection, Instant at) {
            this.method = method;
            this.uri = uri;
            this.headers = headers;
            this.connection = connection;
            this.at = at;
        }

        /** Adds to the body, if the message has any of it. */
        void append(Object message) {
            if (message instanceof HttpContent content) {
                ByteBuf bytes = content.content();
                byte[] kept = new byte[Math.min(bytes.readableBytes(), BODY_LIMIT)];
                bytes.getBytes(bytes.readerIndex(), kept);
                append(kept, bytes.readableBytes());
            }
        }

        synchronized void append(byte[] bytes, int arrived) {
            body.write(bytes, 0, Math.min(bytes.length, BODY_LIMIT - body.size()));
            bodyBytes += arrived;
        }

        synchronized RecordedRequest snapshot() {
            return new RecordedRequest(
                    method, uri, headers, body.toString(StandardCharsets.UTF_8), bodyBytes, connection, at);
        }
    }

    private final class SentBytes extends ChannelOutboundHandlerAdapter {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the promise is the caller's
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            long size = message instanceof ByteBuf bytes
                    ? bytes.readableBytes()
                    : message instanceof FileRegion region ? region.count() : 0;
            context.write(message, promise.unvoid().addListener(written -> {
                if (written.isSuccess()) {
                    bytesSent.addAndGet(size);
                }
            }));
        }
    }
}
