package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.test.LocalServer;
import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** A server, a connector to it, and downloads from it that do not wait long. */
final class Origin implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);

    private final LocalServer server;
    private final Connector connector;

    private Origin(LocalServer server, UnaryOperator<Connector.Builder> settings) {
        this.server = server;
        this.connector = settings.apply(Connector.builder(server.url())
                        .timeouts(
                                Timeouts.defaults().head(Duration.ofSeconds(5)).gap(Duration.ofSeconds(5))))
                .build();
    }

    static Origin of(RangeFile file) {
        return of(file.start());
    }

    static Origin of(LocalServer server) {
        return of(server, settings -> settings);
    }

    static Origin of(LocalServer server, UnaryOperator<Connector.Builder> settings) {
        return new Origin(server, settings);
    }

    LocalServer server() {
        return server;
    }

    /** Compares no bytes that come again, so that the ranges asked for are those that are missing. */
    Download download(Path destination) {
        return comparing(destination).overlap(0);
    }

    /** As users do it. */
    Download comparing(Path destination) {
        return Download.from(connector, Request.get("/file"))
                .to(destination)
                .retryDelay(Duration.ofMillis(5), Duration.ofSeconds(1));
    }

    /** Compares nothing, and asks for a request before each attempt. */
    Download download(Mono<Request> requests, Path destination) {
        return Download.from(connector, requests)
                .to(destination)
                .overlap(0)
                .retryDelay(Duration.ofMillis(5), Duration.ofSeconds(1));
    }

    /** A run that is broken off and leaves what a killed process would: some bytes and their journal. */
    void interruptedRun(Path destination) {
        Throwable failure = failureOf(download(destination).maxRetries(0));

        assertThat(failure).isInstanceOf(HttpException.class);
        assertThat(part(destination)).exists();
        assertThat(journal(destination)).exists();
    }

    static Downloaded run(Download download) {
        return Objects.requireNonNull(download.result().block(LONG));
    }

    static Throwable failureOf(Download download) {
        try {
            run(download);
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    /** The {@code Range} of each request; "" for none. */
    List<String> ranges() {
        return server.requests().stream()
                .map(request -> request.header("Range").orElse(""))
                .toList();
    }

    static Path part(Path destination) {
        return destination.resolveSibling(destination.getFileName() + ".part");
    }

    static Path journal(Path destination) {
        return destination.resolveSibling(destination.getFileName() + ".part.hr");
    }

    /** That nothing but these is left in the directory. */
    static void assertOnly(Path directory, String... names) {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertIs(RangeFile file, Path destination) {
        assertThat(destination).hasBinaryContent(file.bytes(0, file.size()));
    }

    @Override
    public void close() {
        connector.close();
        server.close();
    }
}
