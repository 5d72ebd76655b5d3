package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.test.RangeFile;
import dev.headrace.transfer.TransferProgress.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** How far a download is. Row L26: values in place of a callback, and the last one is done. */
class DownloadProgressTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @Test
    void tellsEachPhaseAndEndsWithDone() {
        RangeFile file = RangeFile.ofSize(SIZE).throttledTo(6_000_000).always();
        try (Origin origin = Origin.of(file)) {
            List<TransferProgress> seen = Objects.requireNonNull(
                    origin.download(destination).progress().collectList().block(Origin.LONG));

            assertThat(seen.stream().map(TransferProgress::phase).distinct())
                    .containsExactly(Phase.CONNECTING, Phase.TRANSFERRING, Phase.VERIFYING, Phase.DONE);
            assertThat(seen).isSortedAccordingTo(Comparator.comparingLong(TransferProgress::bytesDone));
            assertThat(seen)
                    .hasSizeBetween(6, 16)
                    .filteredOn(TransferProgress::done)
                    .hasSize(1);
            assertThat(seen.get(seen.size() - 1))
                    .isEqualTo(new TransferProgress(Phase.DONE, SIZE, SIZE, 0, 0, 0, 1, null))
                    .satisfies(last -> assertThat(last.percent()).hasValue(100));
        }
    }

    @Test
    void tellsWhatWasTakenOverAndWhatWasThrownAway() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(1_000_000);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            List<TransferProgress> seen = Objects.requireNonNull(
                    origin.download(destination).progress().collectList().block(Origin.LONG));

            assertThat(seen.get(0).bytesDone()).isEqualTo(1_000_000);
            assertThat(seen).allMatch(progress -> progress.resumedFrom() == 1_000_000 && progress.restarts() == 0);
        }
    }

    @Test
    void doesNotWaitForASlowSubscriber() {
        RangeFile file = RangeFile.ofSize(20_000_000);
        try (Origin origin = Origin.of(file)) {
            StepVerifier.create(origin.download(destination).progress(), 0)
                    .expectSubscription()
                    .thenRequest(1)
                    .assertNext(progress -> assertThat(progress.phase()).isEqualTo(Phase.CONNECTING))
                    // Nobody asks for more, and the file is finished all the same.
                    .then(() -> await().until(() -> Files.exists(destination)))
                    .thenRequest(1)
                    .thenConsumeWhile(progress -> !progress.done())
                    .thenRequest(1)
                    .expectComplete()
                    .verify(Origin.LONG);
            assertIs(file, destination);
        }
    }

    @Test
    void isNotDisturbedByAListenerThatThrows() {
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).listener(progress -> {
                throw new IllegalStateException("broken display");
            }));

            assertIs(file, destination);
        }
    }

    @Test
    void tellsOfBytesThatTrickleIn() {
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(10).always();
        try (Origin origin = Origin.of(file)) {
            StepVerifier.create(origin.download(destination).progress().filter(progress -> progress.bytesDone() == 10))
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(Origin.LONG);
        }
    }

    @Test
    void tellsWhatMadeItAskAgain() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(1_000_000)
                .failing(503)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            List<TransferProgress> seen = Objects.requireNonNull(
                    origin.download(destination).progress().collectList().block(Origin.LONG));

            assertThat(seen.get(0).trouble()).isNull();
            assertThat(seen)
                    .filteredOn(progress -> progress.requests() == 1 && progress.trouble() != null)
                    .isNotEmpty()
                    .allSatisfy(progress -> assertThat(progress.bytesDone()).isEqualTo(1_000_000));
            assertThat(seen.get(seen.size() - 1).trouble()).contains("503");
            assertThat(seen.get(seen.size() - 1).requests()).isEqualTo(3);
        }
    }

    @Test
    void tellsThatItStartedOverAndWhy() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(1_000_000)
                .ignoringIfRange()
                .always()
                .claimingEtag("\"other\"")
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            List<TransferProgress> seen = Objects.requireNonNull(
                    origin.download(destination).progress().collectList().block(Origin.LONG));

            TransferProgress last = seen.get(seen.size() - 1);
            assertThat(last.restarts()).isOne();
            assertThat(last.trouble()).contains("another version");
            assertThat(seen)
                    .as("it falls back to 0")
                    .anyMatch(progress -> progress.restarts() == 1 && progress.bytesDone() < 1_000_000);
        }
    }

    @Test
    void tellsHowFastItIs() {
        RangeFile file = RangeFile.ofSize(SIZE).throttledTo(6_000_000).always();
        try (Origin origin = Origin.of(file)) {
            List<TransferProgress> seen = Objects.requireNonNull(
                    origin.download(destination).progress().collectList().block(Origin.LONG));

            assertThat(seen)
                    .filteredOn(progress -> progress.phase() == Phase.TRANSFERRING && progress.bytesDone() > 1_000_000)
                    .isNotEmpty()
                    .allSatisfy(
                            progress -> assertThat(progress.bytesPerSecond()).isBetween(100_000L, 60_000_000L));
            assertThat(seen.get(0).bytesPerSecond()).isZero();
        }
    }

    @Test
    void tellsTheLatestToWhoeverJoinsAtOnce() {
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(1_000_000).always();
        try (Origin origin = Origin.of(file)) {
            AtomicLong done = new AtomicLong();
            Disposable first = origin.download(destination)
                    .listener(progress -> done.set(progress.bytesDone()))
                    .result()
                    .subscribe();
            await().until(() -> done.get() == 1_000_000);

            // Nothing moves any more, so nobody else would tell.
            StepVerifier.create(origin.download(destination).progress())
                    .assertNext(progress -> {
                        assertThat(progress.phase()).isEqualTo(Phase.TRANSFERRING);
                        assertThat(progress.bytesDone()).isEqualTo(1_000_000);
                        assertThat(progress.percent()).hasValueCloseTo(33.3, Percentage.withPercentage(1));
                    })
                    .thenCancel()
                    .verify(Origin.LONG);
            first.dispose();
            origin.server().awaitNoOpenConnections(Origin.LONG);
        }
    }

    @Test
    void knowsNoPercentWhileTheTotalIsUnknown() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .chunked()
                .always()
                .throttledTo(12_000_000)
                .always();
        try (Origin origin = Origin.of(file)) {
            List<TransferProgress> seen = Objects.requireNonNull(
                    origin.download(destination).progress().collectList().block(Origin.LONG));

            assertThat(seen)
                    .filteredOn(progress -> progress.phase() == Phase.TRANSFERRING)
                    .allSatisfy(progress -> {
                        assertThat(progress.totalBytes()).isEqualTo(-1);
                        assertThat(progress.percent()).isEmpty();
                    });
            assertThat(seen.get(seen.size() - 1).totalBytes()).isEqualTo(SIZE);
        }
    }
}
