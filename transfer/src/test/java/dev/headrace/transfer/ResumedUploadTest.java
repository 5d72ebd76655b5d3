package dev.headrace.transfer;

import static dev.headrace.transfer.FreshUploadTest.pieces;
import static dev.headrace.transfer.FreshUploadTest.publisher;
import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.journal;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import dev.headrace.test.TusUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Uploads that break, and go on in the same run or in a later one. */
class ResumedUploadTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    private final byte[] content = content(SIZE);

    @Test
    void goesOnWhereTheServerIsAfterABrokenConnection() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1, 2).always();
        try (TusSite site = TusSite.of(tus)) {
            Uploaded result = run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps())
                    .containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "PATCH 1000000", "HEAD", "PATCH 2000000");
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void sendsAgainWhatTheServerHasLost() {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().losingPatch(1_000_000).once())) {
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "PATCH 0");
        }
    }

    @Test
    void sendsNothingAgainWhenOnlyTheAnswerWasLost() {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().losingPatchResponse().once())) {
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD");
        }
    }

    @Test
    void createsAnotherUploadWhenTheAnswerToTheFirstWasLostAndSaysSo() {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().losingCreationResponse().once())) {
            List<TransferProgress> seen = new ArrayList<>();
            Uploaded result = run(site.upload(file).listener(seen::add));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "POST", "PATCH 0");
            assertThat(site.tus().uploads()).hasSize(2);
            assertThat(result.restarts()).isZero();
            assertThat(seen.get(seen.size() - 1).trouble()).contains("may have been created that nobody knows");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 423, 460, 500, 502, 503, 504, 429})
    void asksHowMuchTheServerHasAfterEveryDoubtfulAnswer(int status) {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().failingPatch(status).once())) {
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "PATCH 0");
        }
    }

    @Test
    void asksHowMuchTheServerHasWhenItFallsSilent() {
        Path file = file(directory, content(100_000));
        try (TusSite site = TusSite.of(
                FakeTusServer.create()
                        .extensions("creation")
                        .stallingPatch(50_000)
                        .once(),
                builder -> builder.timeouts(Timeouts.defaults().head(Duration.ofMillis(300))))) {
            run(site.upload(file));

            site.assertHas(content(100_000));
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "PATCH 50000");
        }
    }

    @Test
    void givesUpAConnectionThatTakesNoMore() {
        byte[] large = content(40 << 20);
        Path file = file(directory, large);
        try (TusSite site = TusSite.of(
                FakeTusServer.create().stallingPatch(1 << 20).onRequest(1).once(),
                builder -> builder.timeouts(Timeouts.defaults().gap(Duration.ofMillis(200))))) {
            List<TransferProgress> seen = new ArrayList<>();
            run(site.upload(file).listener(seen::add));

            site.assertHas(large);
            assertThat(site.requests("PATCH")).hasSize(2);
            assertThat(seen.get(seen.size() - 1).trouble()).contains("took no more of the body within 800 ms");
        }
    }

    @Test
    void doesNotBlameTheConnectionForALimitOrASlowSource() {
        byte[] little = content(300_000);
        Path file = file(directory, little);
        UnaryOperator<Connector.Builder> impatient =
                builder -> builder.timeouts(Timeouts.defaults().gap(Duration.ofMillis(20)));
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation"), impatient)) {
            run(site.upload(file).rateLimit(BandwidthLimit.of(400_000)));
            assertThat(site.requests("PATCH")).hasSize(1);
        }
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation"), impatient)) {
            run(publisher(site, pieces(little, 100_000).delayElements(Duration.ofMillis(200)), little.length));
            assertThat(site.requests("PATCH")).hasSize(1);
        }
    }

    @Test
    void sendsADamagedChunkAgain() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().mismatchingPatch().onRequest(2).once();
        try (TusSite site = TusSite.of(tus)) {
            run(site.upload(file).chunkSize(1_000_000));

            site.assertHas(content);
            assertThat(site.steps())
                    .containsExactly(
                            "OPTIONS", "POST", "PATCH 0", "PATCH 1000000", "HEAD", "PATCH 1000000", "PATCH 2000000");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 460, 503})
    void givesUpAfterAttemptsWithoutProgress(int status) {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().failingPatch(status).always())) {
            assertThat(failureOf(site.upload(file).maxRetries(2)))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(status));
            assertThat(site.requests("PATCH")).hasSize(3);
            assertThat(journal(file)).exists();
        }
    }

    @Test
    void countsFailuresAnewWheneverTheServerHasMore() {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().cuttingPatch(300_000).always())) {
            run(site.upload(file).maxRetries(1));

            site.assertHas(content);
        }
    }

    @Test
    void givesUpOnAServerThatTakesNothing() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .failingPatch(204)
                .header("Upload-Offset", "0")
                .always();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file))).isInstanceOf(UploadOffsetException.class);
            assertThat(site.requests("PATCH")).hasSize(4);
        }
    }

    @Test
    void waitsLongerForALockThanForOtherTroubles() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once()
                .failingHead(423)
                .times(8)
                .failingPatch(423)
                .onRequest(2, 3)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            run(site.upload(file).maxRetries(1));

            site.assertHas(content);
            assertThat(site.requests("HEAD")).hasSize(11);
        }
    }

    @Test
    void losesPatienceWithALockAtLast() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create().failingPatch(423).always();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).lockPatience(Duration.ofMillis(200))))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(423));
            assertThat(site.requests("PATCH")).hasSizeGreaterThan(3);
            assertThat(journal(file)).exists();
        }
        try (TusSite site = TusSite.of(FakeTusServer.create().failingPatch(423).always())) {
            Upload upload = site.upload(file).resume(false).lockPatience(Duration.ZERO);
            assertThat(failureOf(upload)).isInstanceOf(HttpStatusException.class);
            assertThat(site.requests("PATCH")).hasSize(1);
        }
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .failingPatch(423)
                .header("Retry-After", "1")
                .once();
        try (TusSite site = TusSite.of(tus)) {
            run(site.upload(file));

            assertThat(Duration.between(
                            site.requests("PATCH").get(0).arrivedAt(),
                            site.requests("HEAD").get(0).arrivedAt()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(990));
        }
        FakeTusServer hours = FakeTusServer.create()
                .failingPatch(503)
                .header("Retry-After", "3600")
                .once();
        try (TusSite site = TusSite.of(hours)) {
            assertThat(failureOf(site.upload(file))).isInstanceOf(HttpStatusException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 410})
    void createsANewUploadWhenTheOldOneIsGone(int status) {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once()
                .expiringOnHead(status)
                .once();
        try (TusSite site = TusSite.of(tus)) {
            List<TransferProgress> seen = new ArrayList<>();
            Uploaded result = run(site.upload(file).listener(seen::add));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "POST", "PATCH 0");
            assertThat(result.restarts()).isOne();
            assertThat(seen.get(seen.size() - 1).trouble())
                    .contains(String.valueOf(status))
                    .contains("a new upload is begun");
        }
    }

    @Test
    void createsANewUploadWhenItExpiresBetweenTwoChunks() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().expiringOnPatch(410).onRequest(2).once();
        try (TusSite site = TusSite.of(tus)) {
            Uploaded result = run(site.upload(file).chunkSize(1_000_000));

            site.assertHas(content);
            assertThat(result.restarts()).isOne();
        }
    }

    @Test
    void doesNotBeginAnewForEver() {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().expiringOnPatch(404).always())) {
            assertThat(failureOf(site.upload(file).maxRetries(2))).isInstanceOf(HttpStatusException.class);
            assertThat(site.requests("POST")).hasSizeBetween(2, 3);
        }
    }

    @Test
    void goesOnInALaterRun() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);
            List<TransferProgress> seen = new ArrayList<>();

            Uploaded result = run(site.upload(file).listener(seen::add));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "PATCH 1000000");
            assertThat(result.resumed()).isTrue();
            assertThat(result.resumedFrom()).isEqualTo(1_000_000);
            assertThat(result.bytes()).isEqualTo(2_000_000);
            assertThat(result.requests()).isEqualTo(2);
            assertThat(seen.get(seen.size() - 1).resumedFrom()).isEqualTo(1_000_000);
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void believesThatBytesOfAnEarlierRunCameLate() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(2_000_000)
                .onRequest(1)
                .once()
                .claimingOffset(500_000)
                .onRequest(1)
                .once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);

            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps())
                    .containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD", "PATCH 500000", "HEAD", "PATCH 2000000");
        }
    }

    @Test
    void onlyAsksWhenEverythingWasThereAlready() {
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().losingPatchResponse().once())) {
            interruptedRun(site, file);

            Uploaded result = run(site.upload(file));

            assertThat(result.bytes()).isZero();
            assertThat(result.resumedFrom()).isEqualTo(SIZE);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD");
        }
    }

    @Test
    void goesOnWithChunksAndTheirChecksumsInALaterRun() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().failingPatch(503).onRequest(2).once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).chunkSize(1_000_000).maxRetries(0)))
                    .isInstanceOf(HttpStatusException.class);

            run(site.upload(file).chunkSize(1_000_000));

            site.assertHas(content);
            assertThat(site.requests("PATCH"))
                    .allSatisfy(patch ->
                            assertThat(patch.headers("Upload-Checksum")).hasSize(1));
        }
    }

    @Test
    void goesOnWithAPublisherInALaterRun() {
        Path journal = directory.resolve("publisher.hr");
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1, 2).always();
        try (TusSite site = TusSite.of(tus)) {
            Upload upload = publisher(site, pieces(content, 70_000), SIZE).journal(journal);
            assertThat(failureOf(upload.maxRetries(0))).isInstanceOf(HttpException.class);

            Uploaded result = run(upload);

            site.assertHas(content);
            assertThat(result.resumedFrom()).isEqualTo(1_000_000);
            assertThat(journal).doesNotExist();
        }
    }

    @Test
    void beginsAnewWhenAskedTo() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);

            Uploaded result = run(site.upload(file).resume(false));

            site.assertHas(content);
            assertThat(result.resumed()).isFalse();
            assertThat(site.tus().uploads()).hasSize(2);
        }
    }

    @Test
    void beginsAnewForAnotherRequest() {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);

            run(TusSite.quick(Upload.from(site.connector(), Request.post("/others"))
                    .source(file)
                    .tus()));

            site.assertHas(content);
            assertThat(site.tus().uploads()).hasSize(2);
        }
    }

    @Test
    void forgetsTheUploadAfterARunWithoutJournal() throws IOException {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1, 2).always();
        try (TusSite site = TusSite.of(tus)) {
            Upload upload = site.upload(file).withoutJournal();
            assertThat(failureOf(upload.maxRetries(0))).isInstanceOf(HttpException.class);
            assertThat(journal(file)).doesNotExist();

            run(upload);

            site.assertHas(content);
            assertThat(site.tus().uploads()).hasSize(2);
        }
    }

    @Test
    void keepsTheUrlFromOtherUsersOfTheMachine() throws IOException {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);

            assertThat(Files.getPosixFilePermissions(journal(file)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"longer", "shorter", "touched", "replaced", "rewritten"})
    void refusesToGoOnWithAnotherSource(String change) throws IOException {
        Path file = file(directory, content);
        FileTime modified = Files.getLastModifiedTime(file);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);
            switch (change) {
                case "longer" -> {
                    Files.write(file, content(SIZE + 1));
                    Files.setLastModifiedTime(file, modified);
                }
                case "shorter" -> {
                    Files.write(file, content(SIZE - 1));
                    Files.setLastModifiedTime(file, modified);
                }
                case "touched" ->
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(7)));
                case "replaced" -> {
                    Path other = Files.write(directory.resolve("other"), content);
                    Files.setLastModifiedTime(other, modified);
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                }
                default -> {
                    byte[] others = content.clone();
                    others[0]++;
                    Files.write(file, others);
                }
            }

            Throwable failure = failureOf(site.upload(file));

            assertThat(failure).isInstanceOf(SourceChangedException.class).hasMessageContaining("resume(false)");
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
            assertThat(site.requests("PATCH")).hasSize(1);
            run(site.upload(file).resume(false));
            site.assertHas(Files.readAllBytes(file));
        }
    }

    @Test
    void refusesASourceWhoseFirstBytesChangedUnderTheSameTime() throws IOException {
        int size = 20 << 20;
        byte[] large = content(size);
        Path file = file(directory, large);
        FileTime modified = Files.getLastModifiedTime(file);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(18 << 20).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);
            large[5]++;
            Files.write(file, large);
            Files.setLastModifiedTime(file, modified);

            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(SourceChangedException.class)
                    .hasMessageContaining("its first");
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD");
        }
    }

    @Test
    void refusesAPublisherWhoseFirstBytesChanged() {
        int size = 20 << 20;
        byte[] large = content(size);
        byte[] others = large.clone();
        others[5]++;
        AtomicInteger subscriptions = new AtomicInteger();
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(18 << 20).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            Upload upload = publisher(
                    site,
                    Flux.defer(() -> pieces(subscriptions.getAndIncrement() == 0 ? large : others, 100_000)),
                    size);

            assertThat(failureOf(upload))
                    .isInstanceOf(SourceChangedException.class)
                    .hasMessageContaining("its first");
            assertThat(site.tus().onlyUpload().isComplete()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"grows", "shrinks", "is touched"})
    void neverCompletesASourceThatChangesWhileItIsSent(String change) {
        Path file = file(directory, content(12 << 20));
        WatchedDisk disk = new WatchedDisk((path, position) -> {
            if (position == 20L * UploadSource.BLOCK) {
                change(file, change);
            }
        });
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            assertThat(failureOf(site.upload(file).disk(disk))).isInstanceOf(SourceChangedException.class);
            assertThat(site.tus().uploads()).noneMatch(TusUpload::isComplete);
            assertThat(disk.openFiles()).isZero();
        }
    }

    private static void change(Path file, String how) throws IOException {
        switch (how) {
            case "grows" -> Files.write(file, new byte[1], StandardOpenOption.APPEND);
            case "shrinks" -> {
                try (FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    opened.truncate(3 << 20);
                }
            }
            default ->
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(7)));
        }
    }

    @Test
    void refusesAPublisherThatEndsEarlierTheSecondTime() {
        AtomicInteger subscriptions = new AtomicInteger();
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            byte[] shorter = Arrays.copyOf(content, 1_000_000);
            Upload upload = publisher(
                    site,
                    Flux.defer(() -> pieces(subscriptions.getAndIncrement() == 0 ? content : shorter, 70_000)),
                    -1);

            assertThat(failureOf(upload))
                    .isInstanceOf(SourceChangedException.class)
                    .hasMessageContaining("ended after 1000000 bytes");
            assertThat(site.tus().onlyUpload().isComplete()).isFalse();
        }
    }

    @Test
    void refusesAPublisherThatEndsEarlierInALaterRun() {
        Path journal = directory.resolve("publisher.hr");
        FakeTusServer tus =
                FakeTusServer.create().losingPatch(18 << 20).onRequest(1).once();
        byte[] large = content(20 << 20);
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(publisher(site, pieces(large, 100_000), -1)
                            .journal(journal)
                            .maxRetries(0)))
                    .isInstanceOf(HttpException.class);

            assertThat(failureOf(publisher(site, pieces(Arrays.copyOf(large, 1 << 20), 100_000), -1)
                            .journal(journal)))
                    .isInstanceOf(SourceChangedException.class);
            assertThat(site.tus().onlyUpload().isComplete()).isFalse();
        }
    }

    @Test
    void comparesWhatIsReadAgainToTheLastByte() {
        AtomicInteger subscriptions = new AtomicInteger();
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        byte[] others = content.clone();
        others[999_999]++;
        try (TusSite site = TusSite.of(tus)) {
            Upload upload = publisher(
                    site,
                    Flux.defer(() -> pieces(subscriptions.getAndIncrement() == 0 ? content : others, 70_000)),
                    SIZE);

            assertThat(failureOf(upload))
                    .isInstanceOf(SourceChangedException.class)
                    .hasMessageContaining("its first");
            assertThat(site.tus().onlyUpload().isComplete()).isFalse();
        }
    }

    @Test
    void keepsTheProofOfAnEarlierRunWhileItSkips() throws IOException {
        Path journal = directory.resolve("publisher.hr");
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(18 << 20).onRequest(1).once();
        byte[] large = content(20 << 20);
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(publisher(site, pieces(large, 100_000), large.length)
                            .journal(journal)
                            .maxRetries(0)))
                    .isInstanceOf(HttpException.class);
            long proven = entry(journal).sent().bytes();
            Flux<ByteBuffer> breaking = pieces(Arrays.copyOf(large, 10 << 20), 100_000)
                    .concatWith(Flux.error(new IllegalStateException("no more")));

            assertThat(failureOf(publisher(site, breaking, large.length).journal(journal)))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(proven).isGreaterThanOrEqualTo(16 << 20);
            assertThat(entry(journal).sent().bytes()).isEqualTo(proven);
            assertThat(run(publisher(site, pieces(large, 100_000), large.length).journal(journal))
                            .resumed())
                    .isTrue();
            site.assertHas(large);
        }
    }

    @Test
    void goesOnWithAPublisherOfLargeBuffers() {
        Path journal = directory.resolve("publisher.hr");
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(18 << 20).onRequest(1).once();
        byte[] large = content(20 << 20);
        try (TusSite site = TusSite.of(tus)) {
            Upload upload =
                    publisher(site, pieces(large, 20 << 20), large.length).journal(journal);
            assertThat(failureOf(upload.maxRetries(0))).isInstanceOf(HttpException.class);

            assertThat(run(upload).resumedFrom()).isEqualTo(18 << 20);
            site.assertHas(large);
        }
    }

    @Test
    void keepsTheJournalUntilThereIsANewUpload() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once()
                .failingHead(403)
                .once()
                .failingCreation(403)
                .onRequest(2)
                .once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file))).isInstanceOf(HttpStatusException.class);
            assertThat(site.requests("POST")).hasSize(2);

            assertThat(run(site.upload(file)).resumedFrom()).isEqualTo(1_000_000);
            site.assertHas(content);
            assertThat(site.tus().uploads()).hasSize(1);
        }
    }

    @Test
    void tellsUploadsApartByWhatItDoesNotPrint() throws IOException {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            Upload first = withKey(site, file, "geheim-1");
            assertThat(failureOf(first.maxRetries(0))).isInstanceOf(HttpException.class);
            assertThat(new String(Files.readAllBytes(journal(file)), StandardCharsets.ISO_8859_1))
                    .doesNotContain("geheim");

            run(withKey(site, file, "geheim-2"));

            assertThat(site.tus().uploads()).hasSize(2);
        }
    }

    private static Upload withKey(TusSite site, Path file, String key) {
        return TusSite.quick(
                Upload.from(site.connector(), Request.post("/files").query("api_key", key))
                        .source(file)
                        .tus());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void believesTheUrlInAJournalNoMoreThanALocation(boolean terminates) throws IOException {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus);
                TestServer other = FakeTusServer.create().start()) {
            interruptedRun(site, file);
            UploadEntry ours = entry(journal(file));
            UploadEntry forged =
                    new UploadEntry(ours.request(), other.url() + "/files/uploads/1", ours.source(), ours.sent());
            Files.write(
                    journal(file),
                    UploadEntry.SLOTS
                            .fill(UploadEntry.SLOTS.newSlot(), forged, 9, 0)
                            .array());

            Throwable failure = terminates
                    ? site.upload(file)
                            .terminate()
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just)
                            .blockOptional(TusSite.LONG)
                            .orElseThrow()
                    : failureOf(site.upload(file));

            assertThat(failure).isInstanceOf(UploadRefusedException.class).hasMessageContaining("another origin");
            assertThat(other.connectionsAccepted()).isZero();
        }
    }

    @Test
    void closesAJournalThatWasOpenToEverybody() throws IOException {
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1, 2).always();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);
            Files.setPosixFilePermissions(journal(file), PosixFilePermissions.fromString("rw-rw-rw-"));

            interruptedRun(site, file);

            assertThat(Files.getPosixFilePermissions(journal(file)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void followsNoLinkInPlaceOfAJournal() throws IOException {
        Path file = file(directory, content);
        Path elsewhere = Files.write(directory.resolve("elsewhere"), new byte[] {1, 2, 3});
        Files.createSymbolicLink(journal(file), elsewhere);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            assertThat(failureOf(site.upload(file))).isInstanceOf(DiskException.class);

            assertThat(elsewhere).hasBinaryContent(new byte[] {1, 2, 3});
            assertThat(site.server().connectionsAccepted()).isZero();
        }
    }

    @Test
    void doesNotJudgeAFailureOfTheSourceByItsStatus() {
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            Request missing = Request.get("/files/none").header("Tus-Resumable", "1.0.0");
            Flux<ByteBuffer> failing = pieces(Arrays.copyOf(content, 140_000), 70_000)
                    .concatWith(site.connector()
                            .exchange(
                                    missing,
                                    response -> HttpStatusException.from(missing, response)
                                            .<ByteBuffer>flatMap(Mono::error)));

            assertThat(failureOf(publisher(site, failing, SIZE)))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(404));
            assertThat(site.requests("GET")).hasSize(1);
            assertThat(site.requests("HEAD")).isEmpty();
        }
    }

    @Test
    void refusesAnOffsetBeyondTheEndInALaterRun() {
        Path file = file(directory, content);
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once()
                .claimingOffset(SIZE + 1)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            interruptedRun(site, file);

            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadOffsetException.class)
                    .hasMessageContaining("of at most " + SIZE);
        }
    }

    @Test
    void refusesALengthThatTurnsOutToBeAnotherThanTheServers() {
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once()
                .claimingLength(SIZE + 1)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(publisher(site, pieces(content, 70_000), -1)))
                    .isInstanceOf(UploadOffsetException.class)
                    .hasMessageContaining("has 3000001 bytes, but there are 3000000");
        }
    }

    @Test
    void keepsWhatItKnowsOfAnUploadWhenTheAnswerBreaksOff() {
        Path file = file(directory, content(1000));
        try (RawServer server = RawServer.script(request -> switch (request.method()) {
                            case "POST" ->
                                Reply.bytes("HTTP/1.1 201 Created\r\nLocation: /files/1\r\n"
                                                + "Content-Length: 10\r\n\r\nabc")
                                        .close();
                            case "PATCH" -> Reply.bytes("HTTP/1.1 204 No Content\r\nUpload-Offset: 1000\r\n\r\n");
                            default -> Reply.bytes("HTTP/1.1 204 No Content\r\n\r\n");
                        })
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Uploaded result = run(TusSite.quick(
                    Upload.from(connector, Request.post("/files")).source(file).tus()));

            assertThat(server.requests())
                    .extracting(RecordedRequest::method)
                    .containsExactly("OPTIONS", "POST", "PATCH");
            assertThat(result.url()).hasPath("/files/1");
        }
    }

    /** What was written last. */
    private static UploadEntry entry(Path journal) throws IOException {
        byte[] bytes = Files.readAllBytes(journal);
        return IntStream.iterate(0, start -> start < bytes.length, start -> start + UploadEntry.SLOT_SIZE)
                .mapToObj(start -> UploadEntry.SLOTS.fromSlot(ByteBuffer.wrap(
                        Arrays.copyOf(Arrays.copyOfRange(bytes, start, bytes.length), UploadEntry.SLOT_SIZE))))
                .filter(Objects::nonNull)
                .max(Comparator.comparingLong(SlotFormat.Numbered<UploadEntry>::sequence))
                .orElseThrow()
                .entry();
    }

    private void interruptedRun(TusSite site, Path file) {
        assertThat(failureOf(site.upload(file).maxRetries(0))).isInstanceOf(HttpException.class);
        assertThat(journal(file)).exists();
    }
}
