package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

/**
 * Uploads to the reference server of tus for Node.js. Skipped unless {@code node}, 20.19 or later, is on the path and the packages {@code @tus/server} and
 * {@code @tus/file-store} are installed in the directory {@code node_modules} that the system property {@code headrace.tus.modules}, or the
 * environment variable {@code HEADRACE_TUS_MODULES}, names:
 *
 * <pre>{@code
 * npm install @tus/server @tus/file-store
 * HEADRACE_TUS_MODULES=$PWD/node_modules ./mvnw -pl transfer -am test -Dtest=RealTusServerTest
 * }</pre>
 */
class RealTusServerTest {

    /** {@code MODULES STORE}; says its port, and ends with its input. */
    private static final String SCRIPT = """
            const { createRequire } = require('node:module');
            const load = createRequire(process.argv[2] + '/x.js');
            const { Server } = load('@tus/server');
            const { FileStore } = load('@tus/file-store');
            const server = new Server({
              path: '/files',
              maxSize: 100000000,
              datastore: new FileStore({ directory: process.argv[3], expirationPeriodInMilliseconds: 3600000 }),
            });
            const http = server.listen({ host: '127.0.0.1', port: 0 }, () => console.log('PORT ' + http.address().port));
            process.stdin.on('end', () => process.exit(0)).resume();
            """;

    private static final int SIZE = 24 << 20;

    @TempDir
    private Path directory;

    private @Nullable Process server;
    private @Nullable Connector connector;
    private final byte[] content = content(SIZE);
    private Path file = Path.of("");

    @BeforeEach
    void start() throws IOException, InterruptedException {
        String modules = Optional.ofNullable(System.getProperty("headrace.tus.modules"))
                .orElseGet(() -> System.getenv().getOrDefault("HEADRACE_TUS_MODULES", ""));
        assumeTrue(!modules.isEmpty(), "HEADRACE_TUS_MODULES names no directory with @tus/server");
        assumeTrue(Files.isDirectory(Path.of(modules, "@tus", "server")), "no @tus/server in " + modules);
        assumeTrue(Files.isDirectory(Path.of(modules, "@tus", "file-store")), "no @tus/file-store in " + modules);
        Path script = Files.writeString(directory.resolve("server.cjs"), SCRIPT);
        Path store = Files.createDirectory(directory.resolve("store"));
        Process process;
        try {
            process = new ProcessBuilder("node", script.toString(), modules, store.toString())
                    .redirectError(directory.resolve("errors").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no node on the path");
            return;
        }
        server = process;
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        assertThat(line).as(Files.readString(directory.resolve("errors"))).startsWith("PORT ");
        connector = Connector.builder("http://127.0.0.1:" + line.substring(5))
                .timeouts(Timeouts.defaults().head(Duration.ofSeconds(10)))
                .build();
        file = TusSite.file(directory, content);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (connector != null) {
            connector.close();
        }
        Process process = server;
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Upload upload() {
        return TusSite.quick(Upload.from(Objects.requireNonNull(connector), Request.post("/files"))
                .source(file)
                .metadata("filename", "dïsk.iso")
                .tus());
    }

    private void assertStored(Uploaded result) {
        String path = result.url().getPath();
        assertThat(directory.resolve("store").resolve(path.substring(path.lastIndexOf('/') + 1)))
                .hasBinaryContent(content);
    }

    @Test
    void storesAFile() {
        Uploaded result = TusSite.run(upload());

        assertStored(result);
        assertThat(result.requests()).isEqualTo(3);
    }

    @Test
    void storesASmallFileInOneRequest() throws IOException {
        Files.write(file, "small".getBytes(StandardCharsets.UTF_8));

        assertThat(TusSite.run(upload()).requests()).isEqualTo(2);
    }

    @Test
    void storesAnEmptyFile() throws IOException {
        Files.write(file, new byte[0]);

        assertThat(TusSite.run(upload()).totalBytes()).isZero();
    }

    @Test
    void storesChunks() {
        assertStored(TusSite.run(upload().chunkSize(5_000_000)));
    }

    @Test
    void storesAPublisherOfUnknownLength() {
        Uploaded result =
                TusSite.run(TusSite.quick(Upload.from(Objects.requireNonNull(connector), Request.post("/files"))
                        .source(FreshUploadTest.pieces(content, 100_000), -1)
                        .tus()));

        assertStored(result);
    }

    @Test
    void goesOnAfterACancel() {
        AtomicLong done = new AtomicLong();
        Disposable first = upload().rateLimit(BandwidthLimit.of(20_000_000))
                .progress()
                .subscribe(progress -> done.set(progress.bytesDone()));
        await().until(() -> done.get() > 8 << 20);
        first.dispose();

        Uploaded result = TusSite.run(upload());

        assertStored(result);
        assertThat(result.resumedFrom()).isBetween(1L, SIZE - 1L);
    }

    @Test
    void goesOnAfterTheProcessWasKilled() throws Exception {
        for (int kills = 0; kills < 3; kills++) {
            Process victim = ChildJvm.start(
                    Victim.class, Objects.requireNonNull(connector).baseUrl().toString(), file.toString());
            try {
                long before = stored();
                await().atMost(Duration.ofSeconds(20)).until(() -> !victim.isAlive() || stored() > before + (1 << 20));
            } finally {
                victim.destroyForcibly().waitFor();
            }
        }

        Uploaded result = TusSite.run(upload());

        assertStored(result);
        assertThat(result.resumedFrom()).isGreaterThan(2 << 20);
        assertThat(result.restarts()).isZero();
    }

    /** What the process does: {@code URL SOURCE}. */
    static final class Victim {
        public static void main(String[] args) {
            try (Connector connector = Connector.builder(args[0]).build()) {
                Upload.from(connector, Request.post("/files"))
                        .source(Path.of(args[1]))
                        .rateLimit(BandwidthLimit.of(8_000_000))
                        .tus()
                        .result()
                        .block();
            }
        }
    }

    private long stored() throws IOException {
        try (var files = Files.list(directory.resolve("store"))) {
            return files.mapToLong(path -> path.toFile().length()).sum();
        }
    }

    @Test
    void deletesAnUnfinishedUpload() throws IOException {
        AtomicLong done = new AtomicLong();
        Disposable first = upload().rateLimit(BandwidthLimit.of(20_000_000))
                .progress()
                .subscribe(progress -> done.set(progress.bytesDone()));
        await().until(() -> done.get() > 8 << 20);
        first.dispose();

        upload().terminate().block(TusSite.LONG);

        assertThat(stored()).isZero();
        assertThat(TusSite.journal(file)).doesNotExist();
    }

    @Test
    void saysThatAFileIsTooLong() throws IOException {
        try (var large = FileChannel.open(file, StandardOpenOption.WRITE)) {
            large.write(ByteBuffer.allocate(1), 100_000_000);
        }

        assertThat(TusSite.failureOf(upload()))
                .isInstanceOf(UploadRefusedException.class)
                .hasMessageContaining("at most 100000000");
    }
}
