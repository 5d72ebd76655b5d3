package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.RangeFile;
import io.netty.channel.ChannelOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Cancelling while several connections write. */
class SegmentedCancelTest {

    private static final int SIZE = 16 << 20;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void losesNoBufferAndNoByteInTheMiddleOfAnyWrite(int until) { // 61, 65-69
        CountingAllocator allocator = new CountingAllocator();
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(
                file.start(),
                settings -> settings.transport(transport ->
                        transport.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator))))) {
            AtomicInteger writes = new AtomicInteger();
            Disposable.Swap first = Disposables.swap();
            first.update(origin.comparing(destination)
                    .segments(4)
                    .disk(new SpoiledDisk((name, position) -> {
                        if (name.toString().endsWith(".part") && writes.incrementAndGet() == until) {
                            first.dispose();
                        }
                    }))
                    .result()
                    .subscribe());
            await().until(first::isDisposed);
            origin.server().awaitNoOpenConnections(Origin.LONG);
            allocator.assertAllReleased(Origin.LONG);

            // The next one begins when the first has closed its files.
            Downloaded result = run(origin.comparing(destination).segments(4).expect(Digest.sha256(file.sha256())));

            assertThat(writes.get())
                    .as("at most what each was in the middle of")
                    .isLessThan(until + 4);
            assertThat(result.bytes() + result.resumedFrom()).isEqualTo(SIZE);
            assertThat(result.resumedFrom()).isPositive();
            assertIs(file, destination);
        }
        allocator.assertAllReleased(Origin.LONG);
    }

    @Test
    void canBeCancelledWhileALimitHoldsAllOfThemBack() { // 61
        CountingAllocator allocator = new CountingAllocator();
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(
                file.start(),
                settings -> settings.transport(transport ->
                        transport.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator))))) {
            AtomicInteger written = new AtomicInteger();
            Disposable first = origin.comparing(destination)
                    .segments(4)
                    .rateLimit(BandwidthLimit.of(10_000))
                    .listener(progress -> written.set((int) progress.bytesDone()))
                    .result()
                    .subscribe();
            await().until(() -> written.get() > 0);

            first.dispose();
            origin.server().awaitNoOpenConnections(Origin.LONG);
            allocator.assertAllReleased(Origin.LONG);

            Downloaded result = run(origin.comparing(destination));
            assertThat(result.resumedFrom()).isPositive();
            assertIs(file, destination);
        }
    }

    @Test
    void leavesNothingBehindBeforeTheFirstByte() { // 61
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).stallAfter(0).always())) {
            Disposable first =
                    origin.comparing(destination).segments(4).result().subscribe();
            origin.server().awaitRequests(4, Origin.LONG);

            first.dispose();

            await().until(() -> {
                try (var files = Files.list(directory)) {
                    return files.findAny().isEmpty();
                }
            });
            origin.server().awaitNoOpenConnections(Origin.LONG);
        }
    }
}
