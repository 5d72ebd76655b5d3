package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from nginx. Skipped where {@code nginx} is not on the path. */
class RealNginxDownloadTest {

    private static final int SIZE = 12 << 20;
    private static final String LIMITED = """
            location /limited/ { alias store/; limit_rate 12m; }
            location /packed/ { alias store/; gzip on; gzip_types *; gzip_min_length 1; }
            """;

    @TempDir
    private Path servers;

    @TempDir
    private Path directory;

    private Nginx nginx;
    private Connector connector;
    private Path destination;
    private byte[] content;

    @BeforeEach
    void start() throws IOException {
        nginx = Nginx.in(servers, LIMITED);
        connector = Connector.builder(nginx.url()).build();
        destination = directory.resolve("disk.iso");
        content = new byte[SIZE];
        store(1);
    }

    private void store(long seed) throws IOException {
        new Random(seed).nextBytes(content);
        Files.write(nginx.store().resolve("disk.iso"), content);
        Files.setLastModifiedTime(
                nginx.store().resolve("disk.iso"), FileTime.from(Instant.EPOCH.plus(Duration.ofDays(seed))));
    }

    @AfterEach
    void stop() {
        // Where there is no nginx, nothing was begun.
        if (connector != null) {
            connector.close();
            nginx.close();
        }
    }

    private Download download(String folder) {
        return Download.from(connector, Request.get(folder + "disk.iso"))
                .to(destination)
                .retryDelay(Duration.ofMillis(10), Duration.ofSeconds(1));
    }

    private static Downloaded run(Download download) {
        return Objects.requireNonNull(download.result().block(Origin.LONG));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void loadsAFile(int segments) {
        Downloaded result = run(download("/").segments(segments));

        assertThat(destination).hasBinaryContent(content);
        assertThat(result.requests()).isEqualTo(segments);
        assertThat(result.etag()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void goesOnWhenAllConnectionsAreCut(int segments) {
        AtomicInteger cuts = new AtomicInteger();
        Downloaded result = run(download("/limited/").segments(segments).listener(progress -> {
            if (progress.bytesDone() > (1L << 20) * (1 + 4L * cuts.get())) {
                cuts.incrementAndGet();
                nginx.cutAllConnections();
            }
        }));

        assertThat(destination).hasBinaryContent(content);
        assertThat(cuts.get()).isPositive();
        assertThat(result.requests()).isGreaterThan(segments);
        assertThat(result.restarts()).isZero();
        assertThat(result.bytes()).isEqualTo(SIZE);
    }

    @Test
    void goesOnInALaterRunAndStartsOverWhenTheFileHasChanged() throws IOException {
        cancelAfterAMebibyte();
        Downloaded second = run(download("/limited/"));
        assertThat(second.resumedFrom()).isGreaterThan(1L << 20);
        assertThat(destination).hasBinaryContent(content);

        Files.delete(destination);
        cancelAfterAMebibyte();
        store(2);
        Downloaded third = run(download("/limited/"));

        assertThat(third.restarts()).isOne();
        assertThat(destination).hasBinaryContent(content);
    }

    private void cancelAfterAMebibyte() {
        download("/limited/")
                .progress()
                .takeUntil(progress -> progress.bytesDone() > 1L << 20)
                .blockLast(Origin.LONG);
        assertThat(destination).doesNotExist();
    }

    @Test
    void getsTheBytesThemselvesWhereTheServerWouldCompressThem() {
        run(download("/packed/"));

        assertThat(destination).hasBinaryContent(content);
    }
}
