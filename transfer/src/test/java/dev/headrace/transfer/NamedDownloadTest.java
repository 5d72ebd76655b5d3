package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose name the remote gives. */
class NamedDownloadTest {

    private static final int SIZE = 300_000;
    private static final int DONE = 100_000;

    @TempDir
    private Path temporary;

    private Path directory;

    @BeforeEach
    void inside() throws IOException {
        // With room around it, to see what gets out.
        directory = Files.createDirectory(temporary.resolve("inside"));
    }

    private static RangeFile named(RangeFile file, String disposition) {
        return file.delaying(Duration.ZERO)
                .header("Content-Disposition", disposition)
                .always();
    }

    private Download download(Origin origin) {
        return origin.download(directory.resolve("unused")).toDirectory(directory, "fallback");
    }

    @Test
    void takesTheNameThatTheRemoteGives() { // 60
        RangeFile file = named(RangeFile.ofSize(SIZE), "attachment; filename=\"disk.iso\"");
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(download(origin));

            assertThat(result.path()).isEqualTo(directory.resolve("disk.iso"));
            assertIs(file, result.path());
            assertOnly(directory, "disk.iso");
        }
    }

    @Test
    void hasANameOfItsOwnWhereTheRemoteGivesNone() { // 60
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            assertThat(run(download(origin)).path()).isEqualTo(directory.resolve("fallback"));
            assertIs(file, directory.resolve("fallback"));
            assertOnly(directory, "fallback");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attachment; filename=\"../../x\"",
                "attachment; filename=\"../x/..\"",
                "attachment; filename=\"/etc/x\"",
                "attachment; filename=\"C:\\\\x\"",
                "attachment; filename=\"..\"",
                "attachment; filename=\"CON\"",
                "attachment; filename=\"\"",
                "attachment; filename=\".bashrc\"",
                "attachment; filename*=UTF-8''..%2F..%2Fx",
                "attachment; filename*=UTF-8''a%00b%E2%80%AEgpj.exe",
                "attachment; filename=\"good\"; filename*=UTF-8''..%5C..%5Cbad",
                "attachment; filename",
                "inline"
            })
    void neverLeavesTheDirectoryWhateverTheRemoteSays(String disposition) throws IOException { // 60
        assertIsInside(disposition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "../"})
    void staysWithinWhatAFileSystemAllows(String pattern) throws IOException { // 60
        assertIsInside("attachment; filename=\"" + pattern.repeat(4096 / pattern.length()) + "\"");
    }

    private void assertIsInside(String disposition) throws IOException {
        RangeFile file = named(RangeFile.ofSize(SIZE), disposition);
        try (Origin origin = Origin.of(file)) {
            Path path = run(download(origin)).path();

            String name = Objects.requireNonNull(path.getFileName()).toString();
            assertThat(path.toRealPath().getParent()).isEqualTo(directory.toRealPath());
            assertThat(name).doesNotStartWith(".").hasSizeLessThanOrEqualTo(200);
            assertIs(file, path);
            assertOnly(directory, name);
            assertOnly(temporary, "inside");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fallback.part, FAIL",
        "fallback.part, SKIP",
        "fallback.part, REPLACE",
        "fallback.part.hr, FAIL",
        "fallback.part.hr, SKIP",
        "fallback.part.hr, REPLACE"
    })
    void neverTakesItsOwnFilesForTheOneThatTheRemoteNames(String said, ExistingFile existing) { // 59, 60
        RangeFile file = named(RangeFile.ofSize(SIZE), "attachment; filename=" + said);
        try (Origin origin = Origin.of(file)) {
            Path path = run(download(origin).onExisting(existing)).path();

            assertIs(file, path);
            assertOnly(directory, Objects.requireNonNull(path.getFileName()).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/a", "../a"})
    void needsANameForTheFileMeanwhile(String fallback) { // 60
        try (Origin origin = Origin.of(RangeFile.ofSize(1))) {
            Download download = origin.download(directory.resolve("unused"));

            assertThatIllegalArgumentException().isThrownBy(() -> download.toDirectory(directory, fallback));
        }
    }

    @Test
    void failsBeforeTheFirstByteWhenTheNameIsTaken() throws IOException { // 59, 60
        Files.writeString(directory.resolve("disk.iso"), "mine");
        try (Origin origin = Origin.of(named(RangeFile.ofSize(SIZE), "attachment; filename=disk.iso"))) {
            assertThat(failureOf(download(origin))).isInstanceOf(DestinationExistsException.class);

            assertThat(directory.resolve("disk.iso")).hasContent("mine");
            assertOnly(directory, "disk.iso");
        }
    }

    @Test
    void failsBeforeTheFirstByteWhenTheFallbackIsTakenAndTheRemoteGivesNoName() throws IOException { // 59, 60
        Files.writeString(directory.resolve("fallback"), "mine");
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            assertThat(failureOf(download(origin))).isInstanceOf(DestinationExistsException.class);

            assertThat(directory.resolve("fallback")).hasContent("mine");
            assertOnly(directory, "fallback");
        }
    }

    @Test
    void skipsWhatIsThereUnderTheName() throws IOException { // 59, 60
        Files.writeString(directory.resolve("disk.iso"), "mine");
        try (Origin origin = Origin.of(named(RangeFile.ofSize(SIZE), "attachment; filename=disk.iso"))) {
            Downloaded result = run(download(origin).onExisting(ExistingFile.SKIP));

            assertThat(result.path()).isEqualTo(directory.resolve("disk.iso"));
            assertThat(result.bytes()).isZero();
            assertThat(result.totalBytes()).isEqualTo(4);
            assertThat(result.path()).hasContent("mine");
            assertOnly(directory, "disk.iso");
        }
    }

    @Test
    void replacesWhatIsThereUnderTheName() throws IOException { // 59, 60
        Files.writeString(directory.resolve("disk.iso"), "mine");
        RangeFile file = named(RangeFile.ofSize(SIZE), "attachment; filename=disk.iso");
        try (Origin origin = Origin.of(file)) {
            run(download(origin).onExisting(ExistingFile.REPLACE));

            assertIs(file, directory.resolve("disk.iso"));
            assertOnly(directory, "disk.iso");
        }
    }

    @Test
    void skipsWhatHasTheRightDigestUnderTheName() throws IOException { // 59, 60
        RangeFile file = named(RangeFile.ofSize(SIZE), "attachment; filename=disk.iso");
        Files.write(directory.resolve("disk.iso"), file.bytes(0, SIZE));
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(download(origin)
                    .expect(Digest.sha256(file.sha256()))
                    .onExisting(ExistingFile.SKIP_IF_DIGEST_MATCHES));

            assertThat(result.bytes()).isZero();
            assertIs(file, directory.resolve("disk.iso"));
            assertOnly(directory, "disk.iso");
        }
    }

    @ParameterizedTest
    @EnumSource(ExistingFile.class)
    void isNotInTheWayOfAFileThatHasTheFallbacksName(ExistingFile existing) throws IOException { // 59, 60
        Files.writeString(directory.resolve("fallback"), "mine");
        RangeFile file = named(RangeFile.ofSize(SIZE), "attachment; filename=disk.iso");
        try (Origin origin = Origin.of(file)) {
            run(download(origin).onExisting(existing).expect(Digest.sha256(file.sha256())));

            assertIs(file, directory.resolve("disk.iso"));
            assertThat(directory.resolve("fallback")).hasContent("mine");
            assertOnly(directory, "disk.iso", "fallback");
        }
    }

    @Test
    void aLaterRunKnowsTheName() { // 60
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutAfter(DONE)
                .header("Content-Disposition", "attachment; filename=disk.iso")
                .onRequest(1)
                .once();
        try (Origin origin = Origin.of(file)) {
            failureOf(download(origin).maxRetries(0));
            assertOnly(directory, "fallback.part", "fallback.part.hr");

            Downloaded result = run(download(origin));

            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(result.path()).isEqualTo(directory.resolve("disk.iso"));
            assertIs(file, result.path());
            assertOnly(directory, "disk.iso");
        }
    }

    @Test
    void aLaterRunSendsNothingWhenTheNameHasBeenTaken() throws IOException { // 59, 60
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutAfter(DONE)
                .header("Content-Disposition", "attachment; filename=disk.iso")
                .onRequest(1)
                .once();
        try (Origin origin = Origin.of(file)) {
            failureOf(download(origin).maxRetries(0));
            Files.writeString(directory.resolve("disk.iso"), "mine");

            assertThat(failureOf(download(origin))).isInstanceOf(DestinationExistsException.class);
            assertThat(origin.server().requests()).hasSize(1);
            Files.delete(directory.resolve("disk.iso"));

            assertThat(run(download(origin)).resumedFrom()).isEqualTo(DONE);
        }
    }

    @Test
    void takesTheNewNameOfANewVersion() { // 60, 18
        RangeFile file = named(RangeFile.ofSize(SIZE).cutting(DONE), "attachment; filename=new.iso")
                .delaying(Duration.ZERO)
                .header("Content-Disposition", "attachment; filename=old.iso")
                .onRequest(1)
                .once();
        try (Origin origin = Origin.of(file)) {
            failureOf(download(origin).maxRetries(0));
            file.replaceWith(SIZE, 2);

            assertThat(run(download(origin)).path()).isEqualTo(directory.resolve("new.iso"));
            assertOnly(directory, "new.iso");
        }
    }

    @Test
    void finishesWithoutARequestWhenOnlyTheJournalIsLeft() throws IOException { // 55, 60
        RangeFile file = named(RangeFile.ofSize(SIZE), "attachment; filename=disk.iso");
        try (Origin origin = Origin.of(file)) {
            Path copy = temporary.resolve("copy");
            run(download(origin).disk((name, options) -> {
                FileChannel channel = FileChannel.open(name, options);
                if (name.toString().endsWith(".hr")) {
                    // A second name for the journal, as long as nobody has removed it.
                    Files.deleteIfExists(copy);
                    Files.createLink(copy, name);
                }
                return channel;
            }));
            Files.move(copy, directory.resolve("fallback.part.hr"), StandardCopyOption.ATOMIC_MOVE);

            Downloaded result = run(download(origin));

            assertThat(result.requests()).isZero();
            assertThat(result.path()).isEqualTo(directory.resolve("disk.iso"));
            assertIs(file, result.path());
            assertOnly(directory, "disk.iso");
        }
    }
}
