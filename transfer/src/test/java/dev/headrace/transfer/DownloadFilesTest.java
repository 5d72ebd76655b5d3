package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** The disk, other owners, and what earlier runs have left. */
class DownloadFilesTest {

    private static final int SIZE = 3_000_000;
    private static final int DONE = 1_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @Test
    void failsAtOnceWhenTheDiskIsFullAndGoesOnWhenThereIsSpace() { // 53
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Throwable failure = failureOf(origin.download(destination).disk(SpoiledDisk.fullAfter(".part", 1_000_000)));

            assertThat(failure).isInstanceOf(DiskException.class).hasMessageContaining("No space left");
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
            assertThat(origin.server().requests()).hasSize(1);
            assertThat(run(origin.download(destination)).resumedFrom()).isGreaterThanOrEqualTo(1_000_000);
            assertIs(file, destination);
        }
    }

    @Test
    void failsAtOnceWhenTheJournalCannotBeWritten() { // 53
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            Throwable failure = failureOf(origin.download(destination).disk(SpoiledDisk.fullAfter(".hr", 0)));

            assertThat(failure).isInstanceOf(DiskException.class);
            assertOnly(directory);
        }
    }

    @Test
    void failsWhenTheDirectoryCannotBeMade() throws IOException { // 54
        Files.writeString(directory.resolve("a"), "a file");
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            Throwable failure = failureOf(origin.download(directory.resolve("a/file.bin")));

            assertThat(failure).isInstanceOf(DiskException.class);
            assertThat(origin.server().requests()).isEmpty();
        }
    }

    @Test
    void failsWhenTheDirectoryIsRemovedMeanwhile() { // 54
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Path inside = directory.resolve("a/file.bin");
            Download download = origin.download(inside).listener(progress -> {
                if (progress.phase() == TransferProgress.Phase.VERIFYING) {
                    remove(part(inside), journal(inside), directory.resolve("a"));
                }
            });

            assertThat(failureOf(download)).isInstanceOf(DiskException.class);
            assertOnly(directory);
        }
    }

    private static void remove(Path... files) {
        for (Path file : files) {
            assertThat(file.toFile().delete()).isTrue();
        }
    }

    @Test
    void failsWhenADirectoryHasTheName() throws IOException { // 59
        Files.createDirectory(destination);
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            assertThat(failureOf(origin.download(destination).onExisting(ExistingFile.REPLACE)))
                    .isInstanceOf(DiskException.class);
            assertThat(origin.server().requests()).isEmpty();
        }
    }

    @Test
    void startsOverWhenThePartIsMissing() throws IOException { // 57
        assertStartsOver(() -> Files.delete(part(destination)), 0);
    }

    @Test
    void startsOverWhenThePartIsShorterThanTheJournalSaysAndNothingProvesIt() throws IOException { // 57
        assertStartsOver(() -> resize(part(destination), DONE - 1), 1);
    }

    @Test
    void goesOnFromTheEndOfAShorterPartWhenTheOverlapProvesIt() throws IOException { // 57
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            resize(part(destination), DONE - 1);

            Downloaded result = run(origin.comparing(destination));

            assertThat(result.resumedFrom()).isEqualTo(DONE - 1);
            assertIs(file, destination);
        }
    }

    @Test
    void findsZerosThatAPowerCutHasLeft() throws IOException { // 56
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            overwrite(part(destination), DONE - 100, "\0".repeat(100));

            Downloaded result = run(origin.comparing(destination));

            assertThat(result.restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void startsOverWhenTheJournalIsMissing() throws IOException { // 57
        assertStartsOver(() -> Files.delete(journal(destination)), 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 8191})
    void startsOverWhenTheJournalIsCut(int length) throws IOException { // 57
        assertStartsOver(
                () -> {
                    resize(journal(destination), length);
                    // Whichever slot is left is not believed either.
                    overwrite(journal(destination), 100, "torn");
                },
                1);
    }

    @Test
    void startsOverWhenTheJournalIsOfALaterVersion() throws IOException { // 57
        assertStartsOver(() -> overwrite(journal(destination), 4, "\0\0\0\3"), 1);
    }

    @Test
    void startsOverWhenAnotherDigestWasExpected() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            failureOf(origin.download(destination)
                    .expect(Digest.sha256("0".repeat(64)))
                    .maxRetries(0));

            assertThat(run(origin.download(destination).expect(Digest.sha256(file.sha256())))
                            .restarts())
                    .isOne();
        }
    }

    private interface Damage {
        void done() throws IOException;
    }

    private void assertStartsOver(Damage damage, int restarts) throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            damage.done();

            Downloaded result = run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "");
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isEqualTo(restarts);
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void cutsAPartThatIsLongerThanTheJournalSays() throws IOException { // 57
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            Files.writeString(part(destination), "written, but not written down", StandardOpenOption.APPEND);

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnFromTheEntryBeforeWhenTheLastOneIsTorn() throws IOException { // 57
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE, DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            failureOf(origin.download(destination).maxRetries(0));
            long latest = latestSlot(journal(destination));
            overwrite(journal(destination), latest + 100, "torn");

            Downloaded result = run(origin.download(destination).expect(Digest.sha256(file.sha256())));

            assertThat(result.resumedFrom()).isBetween(1L, 2L * DONE - 1);
            assertIs(file, destination);
        }
    }

    private static long latestSlot(Path journal) throws IOException {
        ByteBuffer slots = ByteBuffer.wrap(Files.readAllBytes(journal));
        return slots.getLong(8) > slots.getLong(4096 + 8) ? 0 : 4096;
    }

    @Test
    void finishesWithoutARequestWhenOnlyTheJournalIsLeft()
            throws IOException { // 55: killed between rename and journal delete
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Path copy = directory.resolve("copy");
            Path kept = directory.resolve("kept");
            Download download = origin.download(destination).disk((name, options) -> {
                if (name.toString().endsWith(".hr")) {
                    // A second name for the journal, as long as nobody has removed it.
                    FileChannel channel = FileChannel.open(name, options);
                    Files.deleteIfExists(copy);
                    Files.createLink(copy, name);
                    return channel;
                }
                return FileChannel.open(name, options);
            });
            run(download);
            Files.move(copy, kept, StandardCopyOption.ATOMIC_MOVE);
            Files.move(kept, journal(destination), StandardCopyOption.ATOMIC_MOVE);

            Downloaded result = run(origin.download(destination));

            assertThat(result.requests()).isZero();
            assertThat(result.resumed()).isTrue();
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void letsNoDifferentDownloadWriteToADestination() throws IOException { // 58
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(DONE).always();
        try (Origin origin = Origin.of(file)) {
            Path otherName = directory.resolve("linked");
            Files.createSymbolicLink(otherName, directory);
            Disposable first = origin.download(destination).result().subscribe();
            origin.server().awaitRequests(1, Origin.LONG);

            assertThat(failureOf(origin.download(destination).expectSize(SIZE)))
                    .isInstanceOf(DestinationBusyException.class);
            assertThat(failureOf(origin.download(otherName.resolve("file.bin")).onExisting(ExistingFile.REPLACE)))
                    .isInstanceOf(DestinationBusyException.class);

            first.dispose();
            origin.server().awaitNoOpenConnections(Origin.LONG);
        }
    }

    @Test
    void joinsADownloadOfTheSameThatRuns() { // 58
        RangeFile file = RangeFile.ofSize(SIZE).throttledTo(4_000_000).always();
        try (Origin origin = Origin.of(file)) {
            List<TransferProgress> seen = new CopyOnWriteArrayList<>();
            Mono<Downloaded> first = origin.download(destination).result();
            Mono<Downloaded> second =
                    origin.download(destination).listener(seen::add).result();

            Tuple2<Downloaded, Downloaded> both =
                    Objects.requireNonNull(Mono.zip(first, second).block(Origin.LONG));

            assertThat(both.getT1()).isEqualTo(both.getT2());
            assertThat(origin.server().requests()).hasSize(1);
            assertThat(seen).last().satisfies(last -> assertThat(last.done()).isTrue());
            assertIs(file, destination);
        }
    }

    @Test
    void runsOnUntilTheLastOfThoseWhoJoinedHasGone() { // 58
        RangeFile file = RangeFile.ofSize(SIZE).throttledTo(2_000_000).always();
        try (Origin origin = Origin.of(file)) {
            Disposable first = origin.download(destination).result().subscribe();
            origin.server().awaitRequests(1, Origin.LONG);
            // Whoever joins is told the latest state at once.
            Mono<Downloaded> second = origin.download(destination)
                    .listener(progress -> first.dispose())
                    .result();

            assertThat(second.block(Origin.LONG)).isNotNull();
            assertThat(origin.server().requests()).hasSize(1);
            assertIs(file, destination);
        }
    }

    @Test
    void respectsTheLockOfAnotherOwner() throws IOException { // 58
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            try (FileChannel other = FileChannel.open(journal(destination), StandardOpenOption.WRITE)) {
                assertThat(other.tryLock()).isNotNull();

                assertThat(failureOf(origin.download(destination))).isInstanceOf(DestinationBusyException.class);
                assertThat(part(destination)).hasSize(DONE);
            }

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
        }
    }

    @Test
    void waitsForADownloadThatWasCancelledJustNow() { // 58
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(DONE).onRequest(1).once();
        try (Origin origin = Origin.of(file)) {
            AtomicInteger written = new AtomicInteger();
            Disposable first = origin.download(destination)
                    .listener(progress -> written.set((int) progress.bytesDone()))
                    .result()
                    .subscribe();
            Awaitility.await().until(() -> written.get() == DONE);

            first.dispose();
            Downloaded result = run(origin.download(destination));

            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void leavesAnExistingFileAloneAndSendsNothing() throws IOException { // 59
        Files.writeString(destination, "mine");
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(DestinationExistsException.class);

            assertThat(origin.server().requests()).isEmpty();
            assertThat(destination).hasContent("mine");
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void skipsAnExistingFile() throws IOException { // 59
        Files.writeString(destination, "mine");
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            Downloaded result = run(origin.download(destination).onExisting(ExistingFile.SKIP));

            assertThat(result).isEqualTo(new Downloaded(destination, 0, 4, false, 0, 0, 0, null, null));
            assertThat(destination).hasContent("mine");
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void replacesAnExistingFileOnlyWhenTheNewOneIsComplete() throws IOException { // 59
        Files.writeString(destination, "mine");
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            Download replacing = origin.download(destination).onExisting(ExistingFile.REPLACE);
            failureOf(replacing.maxRetries(0));
            assertThat(destination).hasContent("mine");

            run(replacing);
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ExistingFile.class,
            names = {"FAIL", "SKIP"})
    void keepsWhatAnEarlierRunHasLeftWhenTheNameIsTaken(ExistingFile existing) throws IOException { // 59
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            Files.writeString(destination, "mine");

            origin.download(destination)
                    .onExisting(existing)
                    .result()
                    .onErrorResume(DestinationExistsException.class, e -> Mono.empty())
                    .block(Origin.LONG);

            assertThat(destination).hasContent("mine");
            assertThat(part(destination)).hasSize(DONE);
            assertThat(journal(destination)).exists();
        }
    }

    @Test
    void writesTheSameBytesAgainWhenItsThreadIsInterrupted() { // 62
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            AtomicBoolean once = new AtomicBoolean();
            Download download = origin.download(destination)
                    .expect(Digest.sha256(file.sha256()))
                    .disk(new SpoiledDisk((name, position) -> {
                        if (position > DONE && name.toString().endsWith(".part") && once.compareAndSet(false, true)) {
                            Thread.currentThread().interrupt();
                        }
                    }));

            run(download);

            assertThat(once).isTrue();
            assertIs(file, destination);
        }
    }

    @Test
    void touchesFilesOnItsOwnThreadsOnly() {
        List<String> threads = new ArrayList<>();
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            run(origin.download(destination)
                    .disk(new SpoiledDisk((name, position) ->
                            threads.add(Thread.currentThread().getName()))));
        }

        assertThat(threads).isNotEmpty().allMatch(name -> name.startsWith("headrace-disk-"));
    }

    @Test
    void followsNoLinkInThePlaceOfThePart() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE);
        Path elsewhere = directory.resolve("elsewhere");
        Files.writeString(elsewhere, "mine");
        Files.createSymbolicLink(part(destination), elsewhere);
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(DiskException.class);
            assertThat(elsewhere).hasContent("mine");
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).contains(elsewhere);
        }
    }

    private static void resize(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    private static void overwrite(Path file, long position, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), position);
        }
    }

    @Test
    void goesOnByAnotherConnectorWhereTheRequestNamesItsOrigin() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE).cutAfter(SIZE / 2).once();
        try (Origin origin = Origin.of(file);
                Connector here = Connector.builder(origin.server().url()).build();
                Connector elsewhere = Connector.builder("http://127.0.0.1:9").build()) {
            Request request = Request.of("GET", origin.server().uri("/file"));
            failureOf(Download.from(here, request).to(destination).maxRetries(0));

            Downloaded rest = run(Download.from(elsewhere, request).to(destination));

            assertThat(rest.resumed()).isTrue();
            assertIs(file, destination);
        }
    }

    @Test
    void believesNoFinishedJournalOfAnotherContent() throws IOException { // 55, 59
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            killedBeforeTheJournalIsRemoved(origin);

            Downloaded other =
                    run(origin.download(destination).identity("something else").onExisting(ExistingFile.REPLACE));
            assertThat(other.requests()).isOne();

            killedBeforeTheJournalIsRemoved(origin);
            assertThat(failureOf(origin.download(destination).identity("something else")))
                    .isInstanceOf(DestinationExistsException.class);
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void looksAtAFinishedFileThatWasNotCheckedForWhatIsExpectedNow() throws IOException { // 55, 63
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            killedBeforeTheJournalIsRemoved(origin);
            Downloaded right = run(origin.download(destination).expect(Digest.sha256(file.sha256())));
            assertThat(right.requests()).isZero();

            killedBeforeTheJournalIsRemoved(origin);
            assertThat(failureOf(origin.download(destination)
                            .expect(Digest.sha256("0".repeat(64)))
                            .onExisting(ExistingFile.REPLACE)))
                    .isInstanceOf(DigestMismatchException.class);
            assertIs(file, destination);
        }
    }

    /** As if the process had died between the rename and the removal of the journal. */
    private void killedBeforeTheJournalIsRemoved(Origin origin) throws IOException {
        Files.deleteIfExists(destination);
        Path kept = directory.resolve("kept");
        run(origin.download(destination).disk((file, options) -> {
            if (file.equals(journal(destination)) && !Files.exists(kept)) {
                Files.createLink(kept, file);
            }
            return FileChannel.open(file, options);
        }));
        Files.move(kept, journal(destination));
    }

    @Test
    void keepsAPartThatThisRunHasNotTakenOver() { // 26
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(DONE).failing(404).onRequest(2).once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            failureOf(origin.download(destination).identity("a mistyped URL"));
            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }
}
