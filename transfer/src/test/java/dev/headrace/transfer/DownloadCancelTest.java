package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Cancelling at any moment: no write afterwards, no buffer lost, and what is there can be gone on with. */
class DownloadCancelTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @Test
    void keepsWhatCanBeResumed() { // 61
        RangeFile file =
                RangeFile.ofSize(SIZE).stallAfter(1_000_000).onRequest(1).once();
        try (Origin origin = Origin.of(file)) {
            AtomicLong done = new AtomicLong();
            Disposable first =
                    origin.download(destination).progress().subscribe(progress -> done.set(progress.bytesDone()));
            await().until(() -> done.get() == 1_000_000);

            first.dispose();
            origin.server().awaitNoOpenConnections(Origin.LONG);

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(1_000_000);
            assertIs(file, destination);
        }
    }

    @Test
    void finishesTheWriteItIsInAndBeginsNoOther() throws Exception { // 61
        RangeFile file = RangeFile.ofSize(SIZE);
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicInteger writes = new AtomicInteger();
        try (Origin origin = Origin.of(file)) {
            Disposable first = origin.download(destination)
                    .disk(new SpoiledDisk((name, position) -> {
                        if (name.toString().endsWith(".part")) {
                            writes.incrementAndGet();
                            writing.countDown();
                            awaitOn(cancelled);
                        }
                    }))
                    .result()
                    .subscribe();
            writing.await();

            first.dispose();
            cancelled.countDown();

            // The next one begins when the first has closed its files.
            Downloaded result = run(origin.download(destination));
            assertThat(writes).hasValue(1);
            assertThat(result.resumedFrom()).isPositive();
            assertIs(file, destination);
        }
    }

    private static void awaitOn(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException("nobody may interrupt a disk thread", e);
        }
    }

    @Test
    void leavesNothingBehindBeforeTheFirstByte() throws IOException {
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).stallAfter(0).always())) {
            Disposable download = origin.download(destination).result().subscribe();
            origin.server().awaitRequests(1, Origin.LONG);

            download.dispose();

            await().until(() -> {
                try (var files = Files.list(directory)) {
                    return files.findAny().isEmpty();
                }
            });
        }
    }

    @Test
    void canBeCancelledWhileItWaitsForTheNextAttempt() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(1_000_000)
                .failing(503)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            Disposable first = origin.download(destination)
                    .retryDelay(Duration.ofHours(1), Duration.ofHours(1))
                    .result()
                    .subscribe();
            await().until(() -> Files.exists(part(destination)) && Files.size(part(destination)) == 1_000_000);
            first.dispose();

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(1_000_000);
            assertThat(journal(destination)).doesNotExist();
        }
    }

    @RepeatedTest(20)
    void losesNoBufferAtAnyMoment() { // 61
        CountingAllocator allocator = new CountingAllocator();
        RangeFile file = RangeFile.ofSize(20L << 20);
        try (TestServer server = file.start();
                Connector connector = Connector.builder(server.url())
                        .transport(transport ->
                                transport.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator)))
                        .build()) {
            AtomicInteger writes = new AtomicInteger();
            AtomicInteger until = new AtomicInteger((int) (Math.random() * 30));
            Disposable.Swap download = Disposables.swap();

            download.update(Download.from(connector, Request.get("/file"))
                    .to(destination)
                    .disk(new SpoiledDisk((name, position) -> {
                        if (writes.incrementAndGet() == until.get()) {
                            download.dispose();
                        }
                    }))
                    .result()
                    .subscribe());
            server.awaitRequests(1, Origin.LONG);
            await().pollInterval(Duration.ofMillis(2)).until(() -> writes.get() >= until.get());
            download.dispose();

            server.awaitNoOpenConnections(Origin.LONG);
            allocator.assertAllReleased(Origin.LONG);
        }
    }
}
