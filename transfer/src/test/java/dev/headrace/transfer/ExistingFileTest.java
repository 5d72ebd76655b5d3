package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static dev.headrace.transfer.TransferProgress.Phase.VERIFYING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RangeFile;
import dev.headrace.transfer.SpoiledDisk.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A destination that is there already, or comes to be there before the download is done. */
class ExistingFileTest {

    private static final int SIZE = 300_000;

    @TempDir
    private Path directory;

    private Path destination;

    private final RangeFile file = RangeFile.ofSize(SIZE);
    private final Digest digest = Digest.sha256(file.sha256());

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static void write(Path target, byte[] content) {
        try {
            Files.write(target, content);
            // So that it can be told from a file that was written later.
            Files.setLastModifiedTime(target, FileTime.fromMillis(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertUntouched(Path target) throws IOException {
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(FileTime.fromMillis(0));
    }

    private static UnaryOperator<Download> takingTheName(Path target, byte[] content) {
        return download -> download.listener(progress -> {
            if (progress.phase() == VERIFYING) {
                write(target, content);
            }
        });
    }

    /** After the last look at the name, just before the rename. */
    private static UnaryOperator<Download> takingTheNameLast(Path target) {
        AtomicBoolean forced = new AtomicBoolean();
        AtomicBoolean once = new AtomicBoolean();
        return download -> download.disk(SpoiledDisk.beforeEach((name, change, position) -> {
            if (change == Change.FORCE) {
                forced.set(true);
            } else if (forced.get() && name.toString().endsWith(".hr") && once.compareAndSet(false, true)) {
                write(target, "mine".getBytes(StandardCharsets.UTF_8));
            }
        }));
    }

    private byte[] other() {
        return RangeFile.ofSize(SIZE).seed(2).bytes(0, SIZE);
    }

    private Download matching(Origin origin) {
        return origin.download(destination)
                .onExisting(ExistingFile.SKIP_IF_DIGEST_MATCHES)
                .expect(digest);
    }

    @Test
    void leavesAFileWithTheRightDigestAloneAndSendsNothing() throws IOException { // 59
        write(destination, file.bytes(0, SIZE));
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(matching(origin));

            assertThat(result).isEqualTo(new Downloaded(destination, 0, SIZE, false, 0, 0, 0, null, digest));
            assertThat(origin.server().requests()).isEmpty();
            assertUntouched(destination);
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, SIZE})
    void replacesAFileWithAnotherDigest(int length) { // 59
        write(destination, RangeFile.ofSize(length).seed(2).bytes(0, length));
        try (Origin origin = Origin.of(file)) {
            assertThat(run(matching(origin)).bytes()).isEqualTo(SIZE);

            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void keepsTheOldFileWhenTheNewOneIsWrong() { // 59
        write(destination, other());
        try (Origin origin = Origin.of(file)) {
            Download wrong = origin.download(destination)
                    .onExisting(ExistingFile.SKIP_IF_DIGEST_MATCHES)
                    .expect(Digest.sha256("0".repeat(64)));

            assertThat(failureOf(wrong)).isInstanceOf(DigestMismatchException.class);

            assertThat(destination).hasBinaryContent(other());
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void needsADigestToCompare() { // 59
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination).onExisting(ExistingFile.SKIP_IF_DIGEST_MATCHES)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(origin.server().requests()).isEmpty();
        }
    }

    @Test
    void leavesAFileWithTheRightDigestAloneThatCameMeanwhile() throws IOException { // 59
        try (Origin origin = Origin.of(file)) {
            Downloaded result =
                    run(takingTheName(destination, file.bytes(0, SIZE)).apply(matching(origin)));

            assertThat(result.totalBytes()).isEqualTo(SIZE);
            assertUntouched(destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void replacesAFileWithAnotherDigestThatCameMeanwhile() { // 59
        try (Origin origin = Origin.of(file)) {
            run(takingTheName(destination, other()).apply(matching(origin)));

            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failsOverAFileThatCameMeanwhileAndCanFinishLater(boolean last) throws IOException { // 59
        try (Origin origin = Origin.of(file)) {
            Download download = origin.download(destination);
            UnaryOperator<Download> spoiling =
                    last ? takingTheNameLast(destination) : takingTheName(destination, other());

            assertThat(failureOf(spoiling.apply(download))).isInstanceOf(DestinationExistsException.class);
            assertUntouched(destination);
            assertThat(part(destination)).hasSize(SIZE);
            assertThat(journal(destination)).exists();
            Files.delete(destination);

            assertThat(run(download).requests()).isZero();
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void skipsAFileThatCameMeanwhile(boolean last) throws IOException { // 59
        try (Origin origin = Origin.of(file)) {
            Download download = origin.download(destination).onExisting(ExistingFile.SKIP);
            UnaryOperator<Download> spoiling =
                    last ? takingTheNameLast(destination) : takingTheName(destination, other());

            Downloaded result = run(spoiling.apply(download));

            assertThat(result.path()).isEqualTo(destination);
            assertUntouched(destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void replacesAFileThatCameInTheLastMoment() { // 59
        try (Origin origin = Origin.of(file)) {
            run(takingTheNameLast(destination)
                    .apply(origin.download(destination).onExisting(ExistingFile.REPLACE)));

            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ExistingFile.class,
            names = {"FAIL", "SKIP"})
    void takesALinkForAFileThoughItLeadsNowhere(ExistingFile existing) throws IOException { // 59
        Files.createSymbolicLink(destination, directory.resolve("nowhere"));
        try (Origin origin = Origin.of(file)) {
            origin.download(destination)
                    .onExisting(existing)
                    .result()
                    .onErrorComplete()
                    .block(Origin.LONG);

            assertThat(origin.server().requests()).isEmpty();
            assertThat(Files.isSymbolicLink(destination)).isTrue();
            assertThat(directory.resolve("nowhere")).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ExistingFile.class,
            names = {"REPLACE", "SKIP_IF_DIGEST_MATCHES"})
    void replacesALinkAndNotWhatItLeadsTo(ExistingFile existing) throws IOException { // 59
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine");
        Files.createSymbolicLink(destination, elsewhere);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).onExisting(existing).expect(digest));

            assertThat(Files.isSymbolicLink(destination)).isFalse();
            assertIs(file, destination);
            assertThat(elsewhere).hasContent("mine");
        }
    }
}
