package dev.headrace.test;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A server that answers with {@link Route routes} and remembers all it was asked. It speaks HTTP/1.1, and HTTP/2 if told to.
 *
 * <pre>{@code
 * try (TestServer server = TestServer.builder()
 *         .route("/repos/o/r/issues", FakeApi.linkHeader(FakeApi.issues(250)))
 *         .route("/events", EventFeed.endless())
 *         .route("/files/**", RangeFile.ofSize(100_000_000))
 *         .start()) {
 *     …
 *     assertThat(server.requests()).hasSize(4);
 * }
 * }</pre>
 */
public final class TestServer extends LocalServer {

    private static final AttributeKey<Integer> CONNECTION = AttributeKey.valueOf(TestServer.class, "connection");

    private TestServer(DisposableServer listener, Traffic traffic, @Nullable TestCertificate certificate) {
        super(listener, traffic, certificate);
    }

    /**
     * Describes a server. Without routes it answers 404.
     *
     * @return a builder: plain HTTP, a free port
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a server, used by one thread. */
    public static final class Builder {

        private final List<Mount> mounts = new ArrayList<>();
        private @Nullable TestCertificate certificate;
        private @Nullable TestCertificate clients;
        private boolean http2;
        private int port;
        private int sendBuffer;

        private Builder() {}

        /**
         * Answers a path with a route. Of several that match, the longest wins; of two alike, the later one.
         *
         * @param path an exact path such as {@code /events}, or {@code /files/**} for all below it, or {@code /**}
         * @param route answers all methods of that path
         * @return this
         */
        public Builder route(String path, Route route) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path must begin with a slash: " + path);
            }
            mounts.add(0, new Mount(path, route));
            return this;
        }

        /**
         * Speaks TLS, with a self-signed certificate for 127.0.0.1 and localhost. Default: plain.
         *
         * @return this
         */
        public Builder tls() {
            return tls(TestCertificate.shared());
        }

        /**
         * Speaks TLS with a certificate.
         *
         * @param certificate a server's
         * @return this
         */
        public Builder tls(TestCertificate certificate) {
            this.certificate = certificate;
            return this;
        }

        /**
         * Refuses clients that show no certificate of an authority. Needs {@link #tls()}.
         *
         * @param authority issues the clients' certificates
         * @return this
         */
        public Builder requireClientCertificate(TestCertificate authority) {
            this.clients = authority;
            return this;
        }

        /**
         * Speaks HTTP/2 as well: with TLS as the client negotiates (ALPN), without to clients that begin with it. Requests are recorded
         * as they are handled, so one without a route's answer is recorded too; those of one connection share its number.
         *
         * @return this
         */
        public Builder http2() {
            this.http2 = true;
            return this;
        }

        /**
         * Listens on a chosen port. Default 0: any free one.
         *
         * @param port 0 to 65535
         * @return this
         */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be 0 to 65535: " + port);
            }
            this.port = port;
            return this;
        }

        /**
         * Size of the kernel's send buffer of each connection, for tests that count what a slow reader was sent.
         *
         * <p>Default: as the kernel likes, several megabytes on loopback. The kernel may round it up.
         *
         * @param bytes at least 1
         * @return this
         */
        public Builder sendBuffer(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("sendBuffer must be at least 1 byte: " + bytes);
            }
            this.sendBuffer = bytes;
            return this;
        }

        /**
         * Starts listening.
         *
         * @return a running server, to be closed by the caller
         */
        public TestServer start() {
            Traffic traffic = new Traffic();
            List<Mount> byLength = mounts.stream()
                    .sorted(Comparator.comparingInt(
                                    (Mount mount) -> mount.path().length())
                            .reversed())
                    .toList();
            HttpServer server = HttpServer.create()
                    .host(HOST)
                    .port(port)
                    .runOn(eventLoops())
                    .protocol(protocols())
                    .httpRequestDecoder(
                            decoder -> decoder.maxInitialLineLength(64 * 1024).maxHeaderSize(64 * 1024))
                    .doOnChannelInit((observer, channel, address) -> {
                        int connection = traffic.accept(channel);
                        if (http2) {
                            channel.attr(CONNECTION).set(connection);
                        } else {
                            channel.pipeline()
                                    .addAfter(
                                            NettyPipeline.HttpCodec, "headrace.recorder", traffic.recorder(connection));
                        }
                    })
                    .handle((request, response) -> {
                        if (http2) {
                            record(traffic, request);
                        }
                        return dispatch(byLength, request, response);
                    });
            if (http2) {
                // Netty closes the connection of a client that resets 200 streams in 30 s; tests of cancels do just
                // that.
                server = server.http2Settings(settings -> settings.maxDecodedRstFramesPerWindow(Integer.MAX_VALUE, 1));
            }
            if (sendBuffer > 0) {
                server = server.childOption(ChannelOption.SO_SNDBUF, sendBuffer);
            }
            TestCertificate shown = certificate;
            if (shown != null) {
                SslContext context = shown.serverContext(http2, clients);
                server = server.secure(ssl -> ssl.sslContext(context));
            }
            return new TestServer(server.bindNow(), traffic, shown);
        }

        private HttpProtocol[] protocols() {
            return http2
                    ? new HttpProtocol[] {certificate == null ? HttpProtocol.H2C : HttpProtocol.H2, HttpProtocol.HTTP11}
                    : new HttpProtocol[] {HttpProtocol.HTTP11};
        }

        /** The head has passed the codec of its stream already; the body has not. */
        private static void record(Traffic traffic, HttpServerRequest request) {
            Channel channel = Wire.channel(request::withConnection);
            Channel connection = channel.parent() instanceof ServerChannel ? channel : channel.parent();
            traffic.recordBody(
                    channel,
                    traffic.arrived(request, connection.attr(CONNECTION).get()));
        }

        private static Publisher<Void> dispatch(
                List<Mount> mounts, HttpServerRequest request, HttpServerResponse response) {
            String path = request.fullPath();
            for (Mount mount : mounts) {
                if (mount.covers(path)) {
                    return mount.route().handle(request, response);
                }
            }
            return response.sendNotFound();
        }
    }

    private record Mount(String path, Route route) {

        boolean covers(String requested) {
            return path.endsWith("/**")
                    ? requested.startsWith(path.substring(0, path.length() - 2))
                            || requested.equals(path.substring(0, path.length() - 3))
                    : requested.equals(path);
        }
    }
}
