package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Servers that stall and drip, and us who are slow ourselves. */
class SlowServerTest {

    private static final int SIZE = 3_000_000;
    private static final int DONE = 1_000_000;
    private static final MinimumSpeed SPEED = MinimumSpeed.of(100_000, Duration.ofMillis(400));

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static Origin impatient(RangeFile file) {
        return Origin.of(
                file.start(), settings -> settings.timeouts(Timeouts.defaults().head(Duration.ofMillis(300))));
    }

    @Test
    void asksAgainWhenNoHeadComes() { // 47
        RangeFile file = RangeFile.ofSize(SIZE)
                .delaying(Duration.ofHours(1))
                .onRequest(1)
                .once();
        try (Origin origin = impatient(file)) {
            assertThat(run(origin.download(destination)).requests()).isEqualTo(2);
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnWhenNoHeadComesForTheRest() { // 47
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .delaying(Duration.ofHours(1))
                .onRequest(2)
                .once();
        try (Origin origin = impatient(file)) {
            Downloaded result = run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "bytes=1000000-");
            assertThat(result.restarts()).isZero();
            assertIs(file, destination);
        }
    }

    @Test
    void givesUpWhenNoHeadEverComes() { // 47
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .delaying(Duration.ofHours(1))
                .onRequest(2, 3, 4)
                .always();
        try (Origin origin = impatient(file)) {
            assertThat(failureOf(origin.download(destination).maxRetries(1))).hasMessageContaining("300");
            assertThat(part(destination)).hasSize(DONE);
        }
    }

    @Test
    void goesOnOverANewConnectionWhenTheBodyStops() { // 48
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(DONE).onRequest(1).once();
        List<TransferProgress> seen = new CopyOnWriteArrayList<>();
        try (Origin origin = Origin.of(file)) {
            Downloaded result =
                    run(origin.download(destination).minimumSpeed(SPEED).listener(seen::add));

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-");
            assertThat(result.restarts()).isZero();
            assertThat(seen).last().satisfies(last -> assertThat(last.trouble()).contains("100000 bytes in 400 ms"));
            assertIs(file, destination);
        }
    }

    @Test
    void givesUpABodyThatStopsWhenItMayNotTryAgain() { // 48
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(DONE).always();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(
                            origin.download(destination).minimumSpeed(SPEED).maxRetries(0)))
                    .isInstanceOf(TransferTooSlowException.class);
            assertThat(part(destination)).hasSize(DONE);
            origin.server().awaitNoOpenConnections(Origin.LONG);
        }
    }

    @Test
    void goesOnOverANewConnectionWhenTheBodyDrips() { // 49
        RangeFile file = RangeFile.ofSize(SIZE).throttledTo(20).onRequest(1).once();
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).minimumSpeed(SPEED));

            assertThat(origin.ranges()).hasSize(2).last().asString().matches("bytes=[1-9]\\d?-");
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnWithThePartsOfAFileThatDrips() { // 49, 67
        RangeFile file = RangeFile.ofSize(2L * SIZE)
                .throttledTo(20)
                .when(request -> request.requestHeaders().contains("If-Match"))
                .times(2);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(3).minimumSpeed(SPEED));

            assertThat(result.restarts()).isZero();
            assertIs(file, destination);
        }
    }

    @Test
    void neverBlamesTheServerForALimitOfOurs() { // 49
        RangeFile file = RangeFile.ofSize(400_000);
        try (Origin origin = Origin.of(file)) {
            // Five times the limit is asked of the server, of which at most one piece is under way.
            Downloaded result = run(origin.download(destination)
                    .rateLimit(BandwidthLimit.of(300_000))
                    .minimumSpeed(MinimumSpeed.of(300_000, Duration.ofMillis(200))));

            assertThat(result.requests()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void neverBlamesTheServerForASlowDisk() { // 49, 50
        RangeFile file = RangeFile.ofSize(8L << 20);
        AtomicBoolean once = new AtomicBoolean();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination)
                    .minimumSpeed(MinimumSpeed.of(100_000, Duration.ofMillis(200)))
                    .disk(new SpoiledDisk((name, position) -> {
                        if (position >= DONE && once.compareAndSet(false, true)) {
                            hang(Duration.ofMillis(900));
                        }
                    })));

            assertThat(once).isTrue();
            assertThat(result.requests()).isOne();
            assertIs(file, destination);
        }
    }

    private static void hang(Duration time) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Mono.delay(time).subscribe(tick -> over.countDown());
        try {
            assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException("nobody may interrupt a disk thread", e);
        }
    }
}
