package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.test.Fault;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to a range that cannot be believed: the file is right all the same, or there is none. */
class MisbehavingServerTest {

    private static final int SIZE = 3_000_000;
    private static final int DONE = 1_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    static Stream<Arguments> lies() {
        return Stream.concat(liesAboutTheRange(), liesAboutTheVersion());
    }

    static Stream<Arguments> liesAboutTheRange() {
        return Lies.aboutTheRange(SIZE);
    }

    static Stream<Arguments> liesAboutTheVersion() {
        return Lies.aboutTheVersion(SIZE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("liesAboutTheRange")
    void asksForTheWholeAndComparesWhenARangeIsWrong(
            String name, Function<RangeFile, Fault<RangeFile>> lie) { // 29, 30, 34, 39, 40
        RangeFile file =
                lie.apply(RangeFile.ofSize(SIZE).cutting(DONE)).onRequest(2).once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(result.bytes()).isEqualTo(SIZE - DONE);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void startsOverWhenTheWholeDiffersFromWhatItHas() { // 29, 46
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .omittingContentRange()
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceSilentlyWith(2);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("liesAboutTheVersion")
    void startsOverRatherThanAppendWhatIsNotProven(String name, Function<RangeFile, Fault<RangeFile>> lie) { // 36-38
        RangeFile file = lie.apply(
                        RangeFile.ofSize(SIZE).cutting(DONE).ignoringIfRange().always())
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void endsWithAFileOrAnErrorWhenItNeverStopsLying(String name, Function<RangeFile, Fault<RangeFile>> lie) {
        RangeFile file = lie.apply(RangeFile.ofSize(SIZE)
                        .cutAfter(DONE)
                        .always()
                        .ignoringIfRange()
                        .always())
                .when(request -> request.requestHeaders().contains("Range"))
                .always();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(HeadraceException.class);
            assertThat(destination).doesNotExist();
            assertThat(origin.server().requests()).hasSizeLessThan(12);
        }
    }

    @Test
    void neverAppendsThePartOfANewFile() { // 37, aria2, aiohttp: If-Range ignored
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE).ignoringIfRange().always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(SIZE, 2);

            assertThat(run(origin.download(destination)).restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -70_000, -SIZE})
    void skipsWhatItHasWhenThePartBeginsEarlier(long shift) { // 31, 32
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .shiftingStart(shift)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(result.bytes()).isEqualTo(SIZE - DONE);
            assertThat(result.requests()).isOne();
        }
    }

    @Test
    void startsOverWhenWhatItHasDiffersFromWhatComesAgain() { // 31
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .shiftingStart(-70_000)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceSilentlyWith(2);

            assertThat(run(origin.download(destination)).restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void asksForTheRestOfAShortPart() { // 33
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(DONE).shorteningRanges(700_000).always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "bytes=1700000-", "bytes=2400000-");
        }
    }

    @Test
    void takesAPartWithoutATotalWhenItKnowsIt() { // 35
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE).hidingTotal().always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(origin.download(destination)).requests()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void learnsTheTotalAtTheEndWhenNobodySaysIt() { // 35
        RangeFile file = RangeFile.ofSize(SIZE)
                .chunked()
                .always()
                .cutting(DONE)
                .hidingTotal()
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "bytes=3000000-");
            assertIs(file, destination);
        }
    }

    @Test
    void skipsWhatItHasInTheBodyOfAServerThatIgnoresRanges() { // 42
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE).ignoringRange().always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "bytes=1000000-");
            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void asksByIfMatchWhereIfRangeBringsTheWhole() { // 43, aria2-next
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .ignoringRange()
                .when(request -> request.requestHeaders().contains("If-Range"))
                .always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.server().requests().get(2).header("If-Match")).contains(file.etag());
            assertThat(origin.server().requests().get(2).header("If-Range")).isEmpty();
            assertThat(result.requests()).isEqualTo(2);
            assertThat(result.resumedFrom()).isEqualTo(DONE);
        }
    }

    @Test
    void neverCompletesAPartThatHoldsMoreThanItSays() {
        String head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234";
        String part = chunkedPart("6\r\n56789X");
        String whole = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n0123456789";
        try (Origin origin =
                Origin.of(RawServer.replies(Reply.bytes(head).close(), Reply.bytes(part), Reply.bytes(whole))
                        .start())) {
            run(origin.download(destination));

            assertThat(destination).hasContent("0123456789");
            assertThat(origin.ranges()).containsExactly("", "bytes=5-", "");
        }
    }

    @Test
    void asksForWhatAPartHoldsLessThanItSays() {
        String head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234";
        String shorter = chunkedPart("3\r\n567");
        String rest =
                "HTTP/1.1 206 Partial\r\nETag: \"v1\"\r\nContent-Range: bytes 8-9/10\r\nContent-Length: 2\r\n\r\n89";
        try (Origin origin =
                Origin.of(RawServer.replies(Reply.bytes(head).close(), Reply.bytes(shorter), Reply.bytes(rest))
                        .start())) {
            run(origin.download(destination));

            assertThat(destination).hasContent("0123456789");
            assertThat(origin.ranges()).containsExactly("", "bytes=5-", "bytes=8-");
        }
    }

    private static String chunkedPart(String chunk) {
        return String.join(
                "\r\n",
                "HTTP/1.1 206 Partial",
                "ETag: \"v1\"",
                "Content-Range: bytes 5-9/10",
                "Transfer-Encoding: chunked",
                "",
                chunk,
                "0",
                "",
                "");
    }

    @Test
    void neverTakesAWholeForCompleteBecauseItsConnectionWasClosed() { // 4, 42
        String head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\n\r\n";
        try (Origin origin = Origin.of(RawServer.replies(
                        Reply.bytes(head + "0123456789").reset(),
                        Reply.bytes(head + "0123456789abc").close())
                .start())) {
            assertThat(failureOf(origin.download(destination).maxRetries(1)))
                    .isInstanceOfAny(UnverifiableLengthException.class, HttpException.class);
            assertThat(destination).doesNotExist();
        }
    }

    @Test
    void neverTakesAWholeForCompleteThatIsShorterThanWhatItHas() { // 42
        String head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n";
        String shorter = head + "5\r\n01234\r\n0\r\n\r\n";
        try (Origin origin = Origin.of(RawServer.replies(
                        Reply.bytes(head + "a\r\n0123456789\r\n").close(),
                        Reply.bytes(shorter),
                        Reply.bytes(shorter),
                        Reply.bytes(shorter),
                        Reply.bytes(shorter))
                .start())) {
            run(origin.download(destination));

            // Another version that does not say so: the bytes of the first one are gone.
            assertThat(destination).hasContent("01234");
        }
    }

    @Test
    void startsOverWhenTheWholeIsSaidToBeShorterThanWhatItHas() { // 36
        String head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n";
        String part =
                "HTTP/1.1 206 Partial\r\nETag: \"v1\"\r\nContent-Range: bytes 0-4/5\r\nContent-Length: 5\r\n\r\n01234";
        String whole = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 5\r\n\r\n01234";
        try (Origin origin =
                Origin.of(RawServer.replies(Reply.bytes(head).close(), Reply.bytes(part), Reply.bytes(whole))
                        .start())) {
            run(origin.download(destination));

            assertThat(destination).hasContent("01234");
        }
    }

    @Test
    void refusesAFileThatTurnsOutToHaveAnotherSizeThanWasExpected() { // 8, 20
        String head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\n\r\n0123456789";
        String nothing = "HTTP/1.1 416 No\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\r\n";
        try (Origin origin = Origin.of(RawServer.replies(Reply.bytes(head).close(), Reply.bytes(nothing))
                .start())) {
            assertThat(failureOf(origin.download(destination).expectSize(20)))
                    .isInstanceOf(SizeMismatchException.class);
            assertThat(destination).doesNotExist();
        }
    }
}
