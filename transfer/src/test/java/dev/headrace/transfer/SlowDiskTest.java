package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class SlowDiskTest {

    private static final long SIZE = 64L << 20;

    @TempDir
    private Path directory;

    @Test
    void holdsTheRemoteBackAndNeverTimesItOut() throws Exception { // 50
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Path destination = directory.resolve("file.bin");
        RangeFile file = RangeFile.ofSize(SIZE);
        try (TestServer server = TestServer.builder()
                        .route("/file", file)
                        .sendBuffer(64 * 1024)
                        .start();
                Connector connector = Connector.builder(server.url())
                        .timeouts(Timeouts.defaults().gap(Duration.ofMillis(300)))
                        .build()) {
            Mono<Downloaded> result = Download.from(connector, Request.get("/file"))
                    .to(destination)
                    .maxRetries(0)
                    .disk(new SpoiledDisk((name, position) -> {
                        if (name.toString().endsWith(".part") && position > 0) {
                            stuck.countDown();
                            awaitOn(free);
                        }
                    }))
                    .result()
                    .cache();
            result.subscribe();
            stuck.await();

            // Three times the gap that the remote is allowed: it is not the one that is slow.
            await().during(Duration.ofMillis(900))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> server.bytesSent() < SIZE / 2);
            free.countDown();

            assertThat(result.block(Origin.LONG)).isNotNull();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void writesInLargePieces() {
        AtomicInteger writes = new AtomicInteger();
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            run(origin.download(directory.resolve("file.bin")).disk(new SpoiledDisk((name, position) -> {
                if (name.toString().endsWith(".part")) {
                    writes.incrementAndGet();
                }
            })));
        }

        assertThat(writes.get()).isLessThan((int) (SIZE / (128 * 1024)));
    }

    private static void awaitOn(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("the test has forgotten the disk");
            }
        } catch (InterruptedException e) {
            throw new IOException("nobody may interrupt a disk thread", e);
        }
    }
}
