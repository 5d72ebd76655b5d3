package dev.headrace.transfer;

import static dev.headrace.transfer.Outlet.failureOf;
import static dev.headrace.transfer.Outlet.read;
import static dev.headrace.transfer.Outlet.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.test.Fault;
import dev.headrace.test.RangeFile;
import dev.headrace.transfer.Outlet.Read;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that cannot be believed: the bytes are right all the same, or there is an error behind those that are. */
class ByteStreamMisbehavingServerTest {

    private static final int SIZE = 1_000_000;
    private static final int CUT = 300_000;

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
    void asksForTheWholeAndSkipsWhatItHas(
            String name, Function<RangeFile, Fault<RangeFile>> lie) { // 29, 30, 34, 39, 40
        RangeFile file =
                lie.apply(RangeFile.ofSize(SIZE).cutting(CUT)).onRequest(2).once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-", "");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("liesAboutTheRange")
    void asksForTheWholeWhenTheFirstRangeIsWrong(String name, Function<RangeFile, Fault<RangeFile>> lie) {
        RangeFile file = lie.apply(RangeFile.ofSize(SIZE)).onRequest(1).once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(CUT, SIZE - 10))).isEqualTo(file.bytes(CUT, SIZE - 10));
            assertThat(outlet.ranges()).containsExactly("bytes=300000-999989", "");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("liesAboutTheVersion")
    void appendsNothingThatIsNotProven(String name, Function<RangeFile, Fault<RangeFile>> lie) { // 36-38
        RangeFile file = lie.apply(
                        RangeFile.ofSize(SIZE).cutting(CUT).ignoringIfRange().always())
                .onRequest(2)
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            assertThat(read.failure())
                    .isInstanceOf(ContentChangedException.class)
                    .hasMessageContaining("all before byte " + CUT);
            assertThat(((HeadraceException) read.failure()).kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("liesAboutTheVersion")
    void beginsAnewWhenNothingThatIsNotProvenWasEmitted(String name, Function<RangeFile, Fault<RangeFile>> lie) {
        RangeFile file = lie.apply(
                        RangeFile.ofSize(SIZE).cutting(10_000).ignoringIfRange().always())
                .onRequest(2)
                .once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(5))).isEqualTo(file.bytes(5, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=5-", "bytes=10005-", "bytes=5-");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void endsWhenTheServerNeverStopsLying(String name, Function<RangeFile, Fault<RangeFile>> lie) {
        RangeFile file = lie.apply(RangeFile.ofSize(SIZE)
                        .cutAfter(CUT)
                        .always()
                        .ignoringIfRange()
                        .always())
                .when(request -> request.requestHeaders().contains("Range"))
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.failure()).isInstanceOf(HeadraceException.class);
            assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            assertThat(outlet.server().requests()).hasSizeLessThan(12);
        }
    }

    @Test
    void neverAppendsThePartOfANewVersion() { // 37: If-Range ignored
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT).ignoringIfRange().always();
        byte[] before = file.bytes(0, CUT);
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream(), chunk -> file.replaceWith(SIZE, 2));

            assertThat(read.bytes()).isEqualTo(before);
            assertThat(read.failure()).isInstanceOf(ContentChangedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -70_000, -SIZE})
    void skipsWhatItHasWhenThePartBeginsEarlier(long shift) { // 31, 32
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(CUT)
                .shiftingStart(shift)
                .onRequest(2)
                .once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -70_000, -SIZE})
    void skipsWhatLiesBeforeTheStart(long shift) { // 31, 32
        RangeFile file = RangeFile.ofSize(SIZE).shiftingStart(shift).always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(CUT))).isEqualTo(file.bytes(CUT, SIZE));
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void asksForTheRestOfShortParts() { // 33
        RangeFile file = RangeFile.ofSize(SIZE).shorteningRanges(400_000).always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(10))).isEqualTo(file.bytes(10, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=10-", "bytes=400010-", "bytes=800010-");
        }
    }

    @Test
    void breaksBehindAShortPartThatProvesNothing() { // 33, 45
        RangeFile file = RangeFile.ofSize(SIZE)
                .shorteningRanges(400_000)
                .always()
                .omittingValidators()
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream().startAt(10));

            assertThat(read.bytes()).isEqualTo(file.bytes(10, 400_010));
            assertThat(read.failure()).isInstanceOf(BrokenStreamException.class);
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void endsWhenShortPartsNeverFillAChunkAndProveNothing() { // 33, 45
        RangeFile file = RangeFile.ofSize(SIZE)
                .shorteningRanges(100)
                .always()
                .omittingValidators()
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(failureOf(outlet.stream().startAt(10))).isInstanceOf(ContentRangeException.class);
            assertThat(outlet.server().requests()).hasSize(4);
        }
    }

    @Test
    void takesAPartWithoutATotalWhenItKnowsIt() { // 35
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT).hidingTotal().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @Test
    void learnsTheTotalAtTheEndWhenNobodySaysIt() { // 35
        RangeFile file = RangeFile.ofSize(SIZE).hidingTotal().onRequest(1).once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(10))).isEqualTo(file.bytes(10, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=10-", "bytes=1000000-");
        }
    }

    @Test
    void needsNoTotalForAPartWithAnEnd() { // 35
        RangeFile file = RangeFile.ofSize(SIZE).hidingTotal().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(10, 500_000))).isEqualTo(file.bytes(10, 500_000));
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void aRangeThatNobodyAskedForIsAnError() { // 41
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(SIZE).rangingUnasked().always())) {
            assertThat(failureOf(outlet.stream())).isInstanceOf(ContentRangeException.class);
        }
    }

    @Test
    void skipsWhatItHasInTheBodyOfAServerThatIgnoresRanges() { // 42
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT).ignoringRange().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-", "bytes=300000-");
        }
    }

    @Test
    void skipsAndCutsForAPartOfAServerThatIgnoresRanges() { // 42
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT).ignoringRange().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(100_000, 900_000))).isEqualTo(file.bytes(100_000, 900_000));
            assertThat(outlet.ranges())
                    .containsExactly("bytes=100000-899999", "bytes=300000-899999", "bytes=300000-899999", "");
        }
    }

    @Test
    void asksByIfMatchWhereIfRangeBringsTheWhole() { // 43
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(CUT)
                .ignoringRange()
                .when(request -> request.requestHeaders().contains("If-Range"))
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-", "bytes=300000-");
            assertThat(outlet.server().requests().get(2).header("If-Match")).contains(file.etag());
            assertThat(outlet.server().requests().get(2).header("If-Range")).isEmpty();
        }
    }

    @Test
    void neverEmitsMoreThanAPartSaysItHolds() {
        String head = response("200 OK", "ETag: \"v1\"", "Content-Length: 10", "", "01234");
        try (Outlet outlet = Outlet.replies(head, chunkedPart("6\r\n56789X"))) {
            Read read = Read.of(outlet.stream());

            assertThat(read.text()).isEqualTo("01234");
            assertThat(read.failure())
                    .isInstanceOf(ContentRangeException.class)
                    .hasMessageContaining("more bytes came than were promised");
        }
    }

    @Test
    void asksForWhatAPartHoldsLessThanItSays() {
        String head = response("200 OK", "ETag: \"v1\"", "Content-Length: 10", "", "01234");
        String rest =
                response("206 Partial", "ETag: \"v1\"", "Content-Range: bytes 8-9/10", "Content-Length: 2", "", "89");
        try (Outlet outlet = Outlet.replies(head, chunkedPart("3\r\n567"), rest)) {
            assertThat(read(outlet.stream())).asString().isEqualTo("0123456789");
            assertThat(outlet.ranges()).containsExactly("", "bytes=5-", "bytes=8-");
        }
    }

    @Test
    void endsWhenPartsComeWithoutAByte() {
        String head = response("200 OK", "ETag: \"v1\"", "Content-Length: 10", "", "01234");
        String nothing = chunkedPart("");
        try (Outlet outlet = Outlet.replies(head, nothing)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.text()).isEqualTo("01234");
            assertThat(read.failure()).isInstanceOf(HeadraceException.class);
            assertThat(outlet.server().requests()).hasSizeLessThan(7);
        }
    }

    @Test
    void believesNoStatusThatContradictsItsRange() {
        String part =
                response("200 OK", "ETag: \"v1\"", "Content-Range: bytes 5-9/10", "Content-Length: 5", "", "56789");
        try (Outlet outlet = Outlet.replies(part)) {
            assertThat(read(outlet.stream().startAt(5))).asString().isEqualTo("56789");
        }
    }

    @Test
    void aBodyOfTheSameVersionThatEndsBeforeWhatWasEmittedIsAnError() {
        String head = response("200 OK", "ETag: \"v1\"", "Transfer-Encoding: chunked", "", "5", "01234", "");
        String shorter = response("200 OK", "ETag: \"v1\"", "Transfer-Encoding: chunked", "", "3", "012", "0", "", "");
        try (Outlet outlet = Outlet.replies(head, shorter)) {
            Read read = Read.of(outlet.stream().chunkSize(2));

            assertThat(read.text()).isEqualTo("01234");
            assertThat(read.failure()).isInstanceOf(HeadraceException.class);
        }
    }

    @Test
    void findsNothingWrongWithBytesThatOnlyADigestCouldTellApart() { // 46: the reader's business
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(CUT)
                .sendingBytesOf(2)
                .onRequest(2)
                .once();
        try (Outlet outlet = Outlet.of(file)) {
            byte[] bytes = read(outlet.stream());

            assertThat(bytes).hasSize(SIZE);
            assertThat(Arrays.copyOf(bytes, CUT)).isEqualTo(file.bytes(0, CUT));
        }
    }

    private static String chunkedPart(String chunk) {
        String body = chunk.isEmpty() ? "0\r\n\r\n" : chunk + "\r\n0\r\n\r\n";
        return response(
                "206 Partial", "ETag: \"v1\"", "Content-Range: bytes 5-9/10", "Transfer-Encoding: chunked", "", body);
    }
}
