package dev.headrace.test;

import io.netty.channel.ChannelOption;
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
 * An HTTP/1.1 server that answers with {@link Route routes} and remembers all it was asked.
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

    private TestServer(DisposableServer listener, Traffic traffic, @Nullable ServerCertificate certificate) {
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
        private boolean tls;
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
            this.tls = true;
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
                    .protocol(HttpProtocol.HTTP11)
                    .httpRequestDecoder(
                            decoder -> decoder.maxInitialLineLength(64 * 1024).maxHeaderSize(64 * 1024))
                    .doOnChannelInit((observer, channel, address) -> channel.pipeline()
                            .addAfter(
                                    NettyPipeline.HttpCodec,
                                    "headrace.recorder",
                                    traffic.recorder(traffic.accept(channel))))
                    .handle((request, response) -> dispatch(byLength, request, response));
            if (sendBuffer > 0) {
                server = server.childOption(ChannelOption.SO_SNDBUF, sendBuffer);
            }
            ServerCertificate certificate = tls ? ServerCertificate.shared() : null;
            if (certificate != null) {
                server = server.secure(ssl -> ssl.sslContext(certificate.serverContext()));
            }
            return new TestServer(server.bindNow(), traffic, certificate);
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
