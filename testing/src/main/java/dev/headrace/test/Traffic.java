package dev.headrace.test;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.HttpContent;
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

/** What passed through a server: connections, requests and bytes. Written on event loops, read by tests. */
final class Traffic {

    private static final int BODY_LIMIT = 64 * 1024;

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
                    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                    request.headers()
                            .forEach(field -> headers.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                                    .add(field.getValue()));
                    current = arrived(request.method().name(), request.uri(), headers, connection);
                }
                if (message instanceof HttpContent content) {
                    ByteBuf bytes = content.content();
                    byte[] kept = new byte[Math.min(bytes.readableBytes(), BODY_LIMIT)];
                    bytes.getBytes(bytes.readerIndex(), kept);
                    current.append(kept, bytes.readableBytes());
                }
                context.fireChannelRead(message);
            }
        };
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
