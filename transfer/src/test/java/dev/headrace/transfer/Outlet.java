package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.test.LocalServer;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server, a connector to it, and streams from it that do not wait long. */
final class Outlet implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    private final LocalServer server;
    private final Connector connector;

    private Outlet(LocalServer server) {
        this.server = server;
        this.connector = Connector.builder(server.url())
                .timeouts(Timeouts.defaults().head(Duration.ofSeconds(5)).gap(Duration.ofSeconds(5)))
                .build();
    }

    static Outlet of(RangeFile file) {
        return new Outlet(file.start());
    }

    static Outlet of(LocalServer server) {
        return new Outlet(server);
    }

    /** Each reply is a head, an empty line and a body, and closes the connection. */
    static Outlet replies(String... texts) {
        Reply[] replies = new Reply[texts.length];
        for (int i = 0; i < texts.length; i++) {
            replies[i] = Reply.bytes(texts[i]).close();
        }
        return new Outlet(RawServer.replies(replies).start());
    }

    /** A response with the status line without {@code HTTP/1.1}, header lines, and a body behind an empty one. */
    static String response(String... lines) {
        return "HTTP/1.1 " + String.join("\r\n", lines);
    }

    LocalServer server() {
        return server;
    }

    Connector connector() {
        return connector;
    }

    ByteStream stream() {
        return quick(ByteStream.from(connector, Request.get("/file")));
    }

    static ByteStream quick(ByteStream stream) {
        return stream.retryDelay(Duration.ofMillis(5), Duration.ofSeconds(1));
    }

    /** What a stream emitted, and how it ended. */
    static final class Read {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> sizes = new ArrayList<>();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        private Read() {}

        static Read of(ByteStream stream) {
            return of(stream, chunk -> {});
        }

        static Read of(ByteStream stream, Consumer<ByteBuffer> reader) {
            Read read = new Read();
            stream.bytes()
                    .doOnNext(chunk -> {
                        read.sizes.add(chunk.remaining());
                        read.bytes.writeBytes(copy(chunk));
                        reader.accept(chunk);
                    })
                    .doOnError(read.failure::set)
                    .onErrorComplete()
                    .blockLast(LONG);
            return read;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        String text() {
            return bytes.toString(StandardCharsets.US_ASCII);
        }

        List<Integer> sizes() {
            return sizes;
        }

        @Nullable
        Throwable failure() {
            return failure.get();
        }
    }

    static byte[] copy(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(chunk.position(), bytes);
        return bytes;
    }

    /** All bytes of a stream that completes. */
    static byte[] read(ByteStream stream) {
        Read read = Read.of(stream);
        assertThat(read.failure()).isNull();
        return read.bytes();
    }

    static Throwable failureOf(ByteStream stream) {
        Throwable failure = Read.of(stream).failure();
        assertThat(failure).isNotNull();
        return Objects.requireNonNull(failure);
    }

    /** The {@code Range} of each request; "" for none. */
    List<String> ranges() {
        return server.requests().stream()
                .map(request -> request.header("Range").orElse(""))
                .toList();
    }

    @Override
    public void close() {
        connector.close();
        server.close();
    }
}
