package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A server of uploads, a connector to it, and uploads to it that do not wait long. */
final class TusSite implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    private final FakeTusServer tus;
    private final TestServer server;
    private final Connector connector;

    private TusSite(FakeTusServer tus, UnaryOperator<Connector.Builder> change) {
        this.tus = tus;
        this.server = tus.start();
        this.connector = change.apply(Connector.builder(server.url())
                        .timeouts(
                                Timeouts.defaults().head(Duration.ofSeconds(5)).gap(Duration.ofSeconds(5))))
                .build();
    }

    static TusSite of(FakeTusServer tus) {
        return new TusSite(tus, builder -> builder);
    }

    static TusSite of(FakeTusServer tus, UnaryOperator<Connector.Builder> change) {
        return new TusSite(tus, change);
    }

    FakeTusServer tus() {
        return tus;
    }

    TestServer server() {
        return server;
    }

    Connector connector() {
        return connector;
    }

    Upload upload(Path file) {
        return quick(Upload.from(connector, Request.post("/files")).source(file).tus());
    }

    static Upload quick(Upload upload) {
        return upload.retryDelay(Duration.ofMillis(5), Duration.ofMillis(50));
    }

    static Uploaded run(Upload upload) {
        return Objects.requireNonNull(upload.result().block(LONG));
    }

    static Throwable failureOf(Upload upload) {
        try {
            run(upload);
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    /** Method and {@code Upload-Offset} of each request, such as {@code PATCH 0}. */
    List<String> steps() {
        return server.requests().stream()
                .map(request -> request.method()
                        + request.header("Upload-Offset").map(" "::concat).orElse(""))
                .toList();
    }

    List<RecordedRequest> requests(String method) {
        return server.requests().stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    void assertHas(byte[] content) {
        assertThat(tus.uploads().get(tus.uploads().size() - 1).bytes()).isEqualTo(content);
        assertThat(tus.uploads().get(tus.uploads().size() - 1).isComplete()).isTrue();
    }

    static byte[] content(int size) {
        return RangeFile.ofSize(size).bytes(0, size);
    }

    static Path file(Path directory, byte[] content) {
        try {
            return Files.write(directory.resolve("file.bin"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path journal(Path file) {
        return file.resolveSibling(file.getFileName() + ".upload.hr");
    }

    @Override
    public void close() {
        connector.close();
        server.close();
    }
}
