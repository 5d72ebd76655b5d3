package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.RangeFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class RateLimitedDownloadTest {

    private static final int SIZE = 2_000_000;

    @TempDir
    private Path directory;

    private static Duration timed(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void holdsEveryConnectionOfADownloadBackTogether(int segments) {
        RangeFile file = RangeFile.ofSize(4 * SIZE);
        try (Origin origin = Origin.of(file)) {
            Path destination = directory.resolve("file.bin");

            Duration took = timed(
                    () -> run(origin.download(destination).segments(segments).rateLimit(BandwidthLimit.of(8_000_000))));

            // A second's worth, less what each connection may have ahead: the burst, a window, a batch.
            assertThat(took).isGreaterThan(Duration.ofMillis(segments == 3 ? 50 : 250));
            assertIs(file, destination);
        }
    }

    @Test
    void isSharedByAllDownloadsThatHaveIt() {
        RangeFile file = RangeFile.ofSize(SIZE);
        BandwidthLimit limit = BandwidthLimit.of(3_000_000);
        try (Origin origin = Origin.of(file)) {
            Mono<Downloaded> one =
                    origin.download(directory.resolve("1")).rateLimit(limit).result();
            Mono<Downloaded> other =
                    origin.download(directory.resolve("2")).rateLimit(limit).result();

            Duration took = timed(() -> Mono.zip(one, other).block(Origin.LONG));

            // 4 MB at 3 MB a second, less two windows of 0.75 MB and the burst: each alone would take 0.2 s.
            assertThat(took).isGreaterThan(Duration.ofMillis(600));
            assertIs(file, directory.resolve("1"));
            assertIs(file, directory.resolve("2"));
        }
    }

    @Test
    void canBeRaisedWhileADownloadRuns() {
        RangeFile file = RangeFile.ofSize(SIZE);
        // At this rate it would take a minute.
        BandwidthLimit limit = BandwidthLimit.of(33_000);
        try (Origin origin = Origin.of(file)) {
            Path destination = directory.resolve("file.bin");
            run(origin.download(destination).rateLimit(limit).listener(progress -> {
                if (progress.bytesDone() > 0) {
                    limit.change(1_000_000_000);
                }
            }));

            assertIs(file, destination);
        }
    }

    @Test
    void canBeSetWhileADownloadRuns() {
        RangeFile file = RangeFile.ofSize(4 * SIZE).throttledTo(16_000_000).always();
        BandwidthLimit limit = BandwidthLimit.unlimited();
        try (Origin origin = Origin.of(file)) {
            Path destination = directory.resolve("file.bin");

            Duration took = timed(() ->
                    run(origin.download(destination).rateLimit(limit).listener(progress -> {
                        if (progress.bytesDone() > 0 && limit.bytesPerSecond() < 0) {
                            limit.change(4_000_000);
                        }
                    })));

            // Alone the server would take half a second.
            assertThat(took).isGreaterThan(Duration.ofMillis(700));
            assertIs(file, destination);
        }
    }

    @Test
    void canBeLiftedWhileADownloadRuns() {
        RangeFile file = RangeFile.ofSize(SIZE);
        BandwidthLimit limit = BandwidthLimit.of(33_000);
        try (Origin origin = Origin.of(file)) {
            Path destination = directory.resolve("file.bin");
            run(origin.download(destination).rateLimit(limit).listener(progress -> {
                if (progress.bytesDone() > 0) {
                    limit.lift();
                }
            }));

            assertIs(file, destination);
        }
    }
}
