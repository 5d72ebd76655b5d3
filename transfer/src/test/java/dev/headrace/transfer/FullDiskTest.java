package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.test.RangeFile;
import dev.headrace.transfer.SpoiledDisk.Change;
import dev.headrace.transfer.TransferProgress.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that takes no more, at each place where one is touched. */
class FullDiskTest {

    private static final int SIZE = 2_500_000;
    private static final int DONE = 1_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static void assertFatal(Throwable failure) {
        assertThat(failure).isInstanceOf(DiskException.class);
        assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
    }

    @ParameterizedTest
    @CsvSource({
        // The first two writes of the journal speak of no byte yet.
        ".hr, WRITE, 1, false, 0",
        ".hr, WRITE, 2, false, 0",
        ".hr, WRITE, 3, true, 0",
        ".hr, WRITE, 4, true, 1000000",
        ".part, TRUNCATE, 1, false, 0",
        ".part, WRITE, 1, false, 0",
        ".part, WRITE, 3, true, 1",
        ".part, FORCE, 1, true, 2500000"
    })
    void failsAtOnceAndGoesOnWhenThereIsSpaceAgain(
            String file, Change change, int from, boolean leaves, long leastResumed) { // 53
        RangeFile remote = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(remote)) {
            Digest digest = Digest.sha256(remote.sha256());

            assertFatal(failureOf(
                    origin.download(destination).expect(digest).disk(SpoiledDisk.failing(file, change, from))));
            assertThat(origin.server().requests()).hasSize(1);
            assertThat(destination).doesNotExist();
            assertOnly(directory, leaves ? new String[] {"file.bin.part", "file.bin.part.hr"} : new String[0]);

            Downloaded result = run(origin.download(destination).expect(digest));

            assertThat(result.resumedFrom()).isGreaterThanOrEqualTo(leastResumed);
            assertIs(remote, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void keepsAnEarlierRunsBytesWhenTheJournalCannotBeWrittenOnTheWay() { // 53
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertFatal(failureOf(origin.download(destination).disk(SpoiledDisk.failing(".hr", Change.WRITE, 1))));
            assertThat(part(destination)).hasSize(DONE);
            assertThat(origin.server().requests()).hasSize(1);

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void finishesWithoutARequestOnceTheNameCanBeTaken() throws IOException { // 53, 54
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            // A directory that is not empty: the last step of all fails.
            Download download = origin.download(destination)
                    .onExisting(ExistingFile.REPLACE)
                    .listener(progress -> {
                        if (progress.phase() == Phase.VERIFYING) {
                            make(destination.resolve("child"));
                        }
                    });

            assertFatal(failureOf(download));
            assertThat(part(destination)).hasSize(SIZE);
            assertThat(journal(destination)).exists();
            Files.delete(destination.resolve("child"));
            Files.delete(destination);

            Downloaded result = run(origin.download(destination));

            assertThat(result.requests()).isZero();
            assertThat(result.resumedFrom()).isEqualTo(SIZE);
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    private static void make(Path child) {
        try {
            Files.createDirectories(child);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void writesNothingOfAFileThatIsLargerThanTheDisk(int segments) { // 53
        RangeFile file = RangeFile.ofSize(1L << 50);
        try (Origin origin = Origin.of(file)) {
            Throwable failure = failureOf(origin.download(destination).segments(segments));

            assertFatal(failure);
            assertThat(failure).hasMessageContaining("1125899906842624");
            assertThat(origin.server().requests()).hasSize(1);
            assertOnly(directory);
        }
    }

    @Test
    void keepsWhatItHasWhenTheNewVersionIsLargerThanTheDisk() { // 53
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(1L << 50, 2);

            assertFatal(failureOf(origin.download(destination)));

            assertThat(part(destination)).hasSize(DONE);
            assertThat(journal(destination)).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Read-only file system", "Disk quota exceeded", "Input/output error"})
    void failsAtOnceForWhateverReasonTheDiskHas(String reason) { // 54
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Download spoiled = origin.download(destination).disk((name, options) -> {
                if (Arrays.asList(options).contains(StandardOpenOption.WRITE)
                        && name.toString().endsWith(".part")) {
                    throw new FileSystemException(name.toString(), null, reason);
                }
                return FileChannel.open(name, options);
            });

            Throwable failure = failureOf(spoiled);

            assertFatal(failure);
            assertThat(failure).hasMessageContaining(reason);
            assertOnly(directory);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void sendsNothingWhereItMayNotWrite() throws IOException { // 54
        Path locked = Files.createDirectory(directory.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(locked), "root may write anywhere");
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            assertFatal(failureOf(origin.download(locked.resolve("file.bin"))));

            assertThat(origin.server().requests()).isEmpty();
            assertOnly(locked);
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void failsWhenTheDirectoryIsRemovedWhileBytesCome() { // 54
        Path inside = directory.resolve("a/file.bin");
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            Download download = origin.download(inside).disk(new SpoiledDisk((name, position) -> {
                if (position >= DONE && Files.exists(part(inside))) {
                    Files.delete(part(inside));
                    Files.delete(journal(inside));
                    Files.delete(directory.resolve("a"));
                }
            }));

            assertFatal(failureOf(download));
            assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisabledOnOs(OS.WINDOWS)
    void neverPublishesAPartThatSomebodyHasRemoved(boolean checked) { // 54, 57
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Download plain = origin.download(destination);
            Download download = (checked ? plain.expect(Digest.sha256(file.sha256())) : plain).listener(progress -> {
                if (progress.phase() == Phase.VERIFYING) {
                    remove(part(destination));
                }
            });

            assertFatal(failureOf(download));
            assertThat(destination).doesNotExist();
        }
    }

    private static void remove(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
