package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.Fault;
import dev.headrace.test.RangeFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests that the user expects, or that the remote announces. */
class CheckedDownloadTest {

    private static final int SIZE = 300_000;
    private static final int DONE = 100_000;

    private static final RangeFile FILE = RangeFile.ofSize(SIZE);
    private static final Digest SHA256 = of(Digest.sha256("0".repeat(64)), FILE);
    private static final Digest SHA512 = of(Digest.sha512("0".repeat(128)), FILE);
    private static final Digest MD5 = of(Digest.md5("0".repeat(32)), FILE);
    private static final Digest CRC32C = of(Digest.crc32c("00000000"), FILE);

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static Digest of(Digest kind, RangeFile file) {
        DigestState state = kind.newState();
        state.update(ByteBuffer.wrap(file.bytes(0, file.size())));
        return state.finish();
    }

    private static Digest wrong(Digest kind) {
        return of(kind, FILE.seed(2));
    }

    private static String base64(Digest digest) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
    }

    private static String structured(Digest digest) {
        return "sha-256=:" + base64(digest) + ":";
    }

    private static Arguments field(String name, Digest digest, Function<Digest, String> value) {
        return Arguments.of(name, digest, value);
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                field("Repr-Digest", SHA256, CheckedDownloadTest::structured),
                field("Content-Digest", SHA256, CheckedDownloadTest::structured),
                field("Content-MD5", MD5, CheckedDownloadTest::base64),
                field("x-goog-hash", CRC32C, digest -> "crc32c=" + base64(digest)),
                field("x-amz-checksum-sha256", SHA256, CheckedDownloadTest::base64));
    }

    private static Fault<RangeFile> announcing(String name, String value) {
        return announcing(FILE, name, value);
    }

    private static Fault<RangeFile> announcing(RangeFile file, String name, String value) {
        return file.delaying(Duration.ZERO).header(name, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void checksWhatTheRemoteAnnounces(String name, Digest digest, Function<Digest, String> value) { // 64
        try (Origin origin = Origin.of(announcing(name, value.apply(digest)).always())) {
            assertThat(run(origin.download(destination)).digest()).isEqualTo(digest);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void refusesAFileThatIsNotWhatTheRemoteAnnounces(String name, Digest digest, Function<Digest, String> value) { // 64
        try (Origin origin =
                Origin.of(announcing(name, value.apply(wrong(digest))).always())) {
            assertThat(failureOf(origin.download(destination)))
                    .isInstanceOf(DigestMismatchException.class)
                    .hasMessageContaining(wrong(digest).toString())
                    .hasMessageContaining(digest.toString());

            // It came in one piece: once more would bring the same.
            assertThat(origin.server().requests()).hasSize(1);
            assertOnly(directory);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void doesNotLookWhenToldNotTo(String name, Digest digest, Function<Digest, String> value) { // 64
        try (Origin origin =
                Origin.of(announcing(name, value.apply(wrong(digest))).always())) {
            assertThat(run(origin.download(destination).ignoreAnnouncedDigests())
                            .digest())
                    .isNull();
            assertIs(FILE, destination);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void believesTheUserMore(String name, Digest digest, Function<Digest, String> value) { // 64
        try (Origin origin =
                Origin.of(announcing(name, value.apply(wrong(digest))).always())) {
            assertThat(run(origin.download(destination).expect(SHA512)).digest())
                    .isEqualTo(SHA512);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256=:AAAA:", "sha-256=abc", "=:::", "sha-256=:****:", "unixsum=:AAAA:", "sha-256"})
    void ignoresWhatItCannotRead(String value) { // 64
        try (Origin origin = Origin.of(announcing("Repr-Digest", value).always())) {
            assertThat(run(origin.download(destination)).digest()).isNull();
            assertIs(FILE, destination);
        }
    }

    @Test
    void checksTheWholeByWhatTheFirstAnswerAnnounced() { // 64
        RangeFile cut = FILE.cutAfter(DONE)
                .header("Content-MD5", base64(MD5))
                .onRequest(1)
                .once();
        try (Origin origin = Origin.of(cut)) {
            assertThat(run(origin.download(destination)).digest()).isEqualTo(MD5);
            assertThat(origin.ranges()).containsExactly("", "bytes=100000-");
        }
    }

    @Test
    void aLaterRunKnowsWhatWasAnnounced() { // 64
        RangeFile cut = FILE.cutAfter(DONE)
                .header("Repr-Digest", structured(SHA256))
                .onRequest(1)
                .once();
        try (Origin origin = Origin.of(cut)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertThat(result.digest()).isEqualTo(SHA256);
            assertThat(result.resumedFrom()).isEqualTo(DONE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesTheDigestOfTheWholeFromAPart(boolean laterRun) { // 64
        RangeFile file = announcing(FILE.cutting(DONE), "Repr-Digest", structured(SHA256))
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            if (laterRun) {
                origin.interruptedRun(destination);
            }

            assertThat(run(origin.download(destination)).digest()).isEqualTo(SHA256);
            assertIs(FILE, destination);
        }
    }

    @Test
    void loadsAllOnceMoreWhenTheDigestThatAPartAnnouncedIsAnother() { // 63, 64
        RangeFile file = announcing(FILE.cutting(DONE), "Repr-Digest", structured(wrong(SHA256)))
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination));

            // The whole announces nothing, so there is nothing to check it by.
            assertThat(origin.ranges()).containsExactly("", "bytes=100000-", "");
            assertThat(result.digest()).isNull();
            assertIs(FILE, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Digest", "Content-MD5", "x-amz-checksum-sha256"})
    void doesNotTakeADigestOfThePartForThatOfTheWhole(String name) { // 64
        Digest digest = name.equals("Content-MD5") ? MD5 : SHA256;
        String ofSomethingElse = name.equals("Content-Digest") ? structured(wrong(digest)) : base64(wrong(digest));
        RangeFile file = announcing(FILE.cutting(DONE), name, ofSomethingElse)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination)).digest()).isNull();
            assertIs(FILE, destination);
        }
    }

    static Stream<Arguments> ways() {
        UnaryOperator<Download> one = download -> download;
        UnaryOperator<Download> several = download -> download.segments(2);
        return Stream.of(SHA256, SHA512, MD5, CRC32C)
                .flatMap(digest -> Stream.of(Arguments.of(digest, one), Arguments.of(digest, several)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void checksEveryKindOfDigestHoweverTheBytesCome(Digest kind, UnaryOperator<Download> way) { // 63
        RangeFile file = RangeFile.ofSize(2 << 20).cutting(500_000, 300_000);
        Digest right = of(kind, file);
        Digest wrong = of(kind, file.seed(2));
        try (Origin origin = Origin.of(file)) {
            Download download = way.apply(origin.comparing(destination));
            assertThat(run(download.expect(right)).digest()).isEqualTo(right);

            Download again = download.onExisting(ExistingFile.REPLACE).expect(wrong);
            assertThat(failureOf(again)).isInstanceOf(DigestMismatchException.class);
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void aLaterRunNeverTakesOverWhatHadTheWrongDigest() { // 63
        RangeFile file = FILE.seed(1).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            failureOf(origin.download(destination).expect(wrong(SHA256)));

            Downloaded result = run(origin.download(destination).expect(SHA256));

            assertThat(result.resumed()).isFalse();
            assertThat(origin.ranges()).containsExactly("", "bytes=100000-", "", "");
            assertIs(FILE, destination);
        }
    }
}
