package dev.headrace.transfer;

import static dev.headrace.transfer.Outlet.failureOf;
import static dev.headrace.transfer.Outlet.quick;
import static dev.headrace.transfer.Outlet.read;
import static dev.headrace.transfer.Outlet.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import dev.headrace.transfer.Outlet.Read;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** A line that breaks, to a server that keeps the rules. */
class ByteStreamResumeTest {

    private static final int SIZE = 1_000_000;
    private static final int CUT = 300_000;
    private static final String YOUNG = "Mon, 01 Jan 2024 00:00:59 GMT";

    @Test
    void goesOnBehindTheLastByteThatCame() { // 5, 17
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT, CUT);
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.failure()).isNull();
            assertThat(read.bytes()).isEqualTo(file.bytes(0, SIZE));
            // Chunks keep their size over the seams.
            assertThat(read.sizes().subList(0, SIZE / 65_536)).containsOnly(65_536);
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-", "bytes=600000-");
            assertThat(outlet.server().requests().get(1).header("If-Range")).contains(file.etag());
        }
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void goesOnWithinAPart(UnaryOperator<RangeFile> cut) { // 5, L38
        RangeFile file = cut.apply(RangeFile.ofSize(SIZE));
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(100_000, 900_000))).isEqualTo(file.bytes(100_000, 900_000));
            assertThat(outlet.ranges()).first().isEqualTo("bytes=100000-899999");
            assertThat(outlet.ranges()).last().asString().matches("bytes=[1-4]\\d{5}-899999");
        }
    }

    static Stream<UnaryOperator<RangeFile>> cuts() {
        return Stream.of(
                file -> file.cutting(CUT),
                file -> file.resetAfter(CUT).onRequest(1).once(),
                file -> file.chunked().always().cutting(CUT));
    }

    @Test
    void goesOnAfterAChunkedBodyThatWasCut() { // 6
        RangeFile file = RangeFile.ofSize(SIZE).chunked().always().cutting(CUT);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).hasSize(2);
        }
    }

    @Test
    void goesOnAfterAStall() { // 48, L39: read_timeout
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(CUT).onRequest(1).once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().readTimeout(Duration.ofMillis(200))))
                    .isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-");
        }
    }

    @Test
    void goesOnOverAnotherConnectionWhenOneIsTooSlow() { // 49
        RangeFile file = RangeFile.ofSize(SIZE).throttledTo(20_000).onRequest(1).once();
        List<TransferProgress> told = new ArrayList<>();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream()
                            .minimumSpeed(MinimumSpeed.of(100_000, Duration.ofMillis(500)))
                            .listener(told::add)))
                    .isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).hasSize(2);
        }
        assertThat(told.get(told.size() - 1).requests()).isEqualTo(2);
        assertThat(told.get(told.size() - 1).trouble()).contains("at least 100000 bytes in 500 ms");
    }

    @Test
    void startsEachAttemptFromTheFirstAddress() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT);
        TestServer server = TestServer.builder()
                .route("/file", (request, response) -> response.sendRedirect("/signed?sig=1"))
                .route("/signed", file)
                .start();
        try (Outlet outlet = Outlet.of(server)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(server.requests())
                    .extracting(request ->
                            request.path() + " " + request.header("Range").orElse("-"))
                    .containsExactly("/file -", "/signed -", "/file bytes=300000-", "/signed bytes=300000-");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, SIZE / 2, 2 * SIZE, 1, 0})
    void neverMixesTwoVersions(int newSize) { // 18, 21
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT);
        byte[] before = file.bytes(0, CUT);
        try (Outlet outlet = Outlet.of(file)) {
            Read read = changingAfterTheFirstChunk(outlet, file, newSize);

            assertThat(read.bytes()).isEqualTo(before);
            assertThat(read.failure())
                    .isInstanceOf(ContentChangedException.class)
                    .hasMessageContaining("all before byte " + CUT);
            assertThat(((HeadraceException) read.failure()).kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @Test
    void aChangeThatOnlyIfMatchShowsIsAChange() { // 19
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(CUT)
                .ignoringRange()
                .when(request -> request.requestHeaders().contains("If-Range"))
                .always()
                .failing(412)
                .when(request -> request.requestHeaders().contains("If-Match"))
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(failureOf(outlet.stream()))
                    .isInstanceOf(ContentChangedException.class)
                    .hasMessageContaining("all before byte " + CUT);
            assertThat(outlet.server().requests()).hasSize(3);
        }
    }

    private static Read changingAfterTheFirstChunk(Outlet outlet, RangeFile file, int newSize) {
        AtomicInteger chunks = new AtomicInteger();
        return Read.of(outlet.stream(), chunk -> {
            if (chunks.getAndIncrement() == 0) {
                file.replaceWith(newSize, 2);
            }
        });
    }

    @Test
    void beginsAnewWithTheNewVersionAsLongAsNothingWasEmitted() { // 18
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT);
        List<TransferProgress> told = new ArrayList<>();
        try (Outlet outlet = Outlet.of(file)) {
            // One chunk is more than what comes before the line breaks.
            ByteStream stream = outlet.stream().chunkSize(2 * CUT).listener(progress -> {
                told.add(progress);
                if (progress.trouble() != null && progress.requests() == 1) {
                    file.replaceWith(SIZE, 2);
                }
            });

            assertThat(read(stream)).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests()).hasSize(2);
        }
        assertThat(told.get(told.size() - 1).restarts()).isOne();
    }

    @Test
    void anAnswerThatNothingIsMissingCompletes() { // 20
        RangeFile file = RangeFile.ofSize(CUT)
                .chunked()
                .always()
                .cutAfter(CUT)
                .onRequest(1)
                .once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, CUT));
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {SIZE - 1, 1})
    void aContentThatHasBecomeShorterIsAChange(long total) { // 21
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(CUT)
                .unsatisfiable(total)
                .when(request -> request.requestHeaders().contains("Range"))
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            if (total < CUT) {
                assertThat(read.failure()).isInstanceOf(ContentChangedException.class);
                assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            } else { // 22: confused; the whole is asked for, and is of the same version
                assertThat(read.failure()).isNull();
                assertThat(read.bytes()).isEqualTo(file.bytes(0, SIZE));
            }
        }
    }

    @Test
    void asksForTheWholeWhenARangeIsRefusedWithoutALength() { // 22, 23
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(CUT).failing(416).onRequest(2).once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-", "");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410, 403, 401})
    void aRefusalOfTheRestIsAnErrorAfterWhatCame(int status) { // 26, 27
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(CUT).failing(status).onRequest(2).always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            assertThat(read.failure()).isInstanceOf(HttpStatusException.class);
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 410})
    void asksForAnotherUrlWhenOneHasExpired(int status) { // 27, 28
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(CUT).failing(status).onRequest(2).once();
        AtomicInteger urls = new AtomicInteger();
        try (Outlet outlet = Outlet.of(file)) {
            Mono<Request> signed = Mono.fromSupplier(() -> Request.get("/file").query("sig", urls.incrementAndGet()));

            assertThat(read(quick(ByteStream.from(outlet.connector(), signed)))).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests())
                    .extracting(request -> request.query("sig").orElse(""))
                    .containsExactly("1", "2", "3");
            assertThat(outlet.ranges()).containsExactly("", "bytes=300000-", "bytes=300000-");
        }
    }

    @Test
    void asksForAnotherUrlOnceForEachThatHasWorked() { // 27
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(CUT).failing(403).onRequest(2, 3).always();
        try (Outlet outlet = Outlet.of(file)) {
            ByteStream stream =
                    quick(ByteStream.from(outlet.connector(), Mono.fromSupplier(() -> Request.get("/file"))));

            assertThat(failureOf(stream)).isInstanceOf(HttpStatusException.class);
            assertThat(outlet.server().requests()).hasSize(3);
        }
    }

    @Test
    void asksWithTheDateWhenTheTagIsWeak() { // 44
        RangeFile file = RangeFile.ofSize(SIZE)
                .weakeningEtag()
                .header("Date", "Mon, 01 Jan 2024 00:01:00 GMT")
                .always()
                .cutting(CUT);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests().get(1).header("If-Range")).contains("Mon, 01 Jan 2024 00:00:00 GMT");
        }
    }

    static Stream<UnaryOperator<RangeFile>> unprovable() {
        return Stream.of(
                file -> file.omittingValidators().always(),
                file -> file.weakeningEtag().header("Date", YOUNG).always(),
                file -> file.omittingValidators().always().chunked().always());
    }

    @ParameterizedTest
    @MethodSource("unprovable")
    void breaksWhereNothingProvesThatTheRestBelongsToWhatWasEmitted(UnaryOperator<RangeFile> weak) { // 6, 45
        RangeFile file = weak.apply(RangeFile.ofSize(SIZE).cutting(CUT));
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            assertThat(read.failure()).isInstanceOfSatisfying(BrokenStreamException.class, broken -> {
                assertThat(broken.position()).isEqualTo(CUT);
                assertThat(broken.kind()).isEqualTo(FailureKind.TRANSIENT);
                assertThat(broken).hasCauseInstanceOf(HttpException.class).hasMessageContaining("before byte " + CUT);
            });
            assertThat(outlet.server().requests()).hasSize(1);
            assertThat(read(outlet.stream().startAt(CUT))).isEqualTo(file.bytes(CUT, SIZE));
        }
    }

    @ParameterizedTest
    @MethodSource("unprovable")
    void beginsAnewWithoutProofAsLongAsNothingWasEmitted(UnaryOperator<RangeFile> weak) { // 6, 45
        RangeFile file = weak.apply(RangeFile.ofSize(SIZE).cutting(10_000, 20_000));
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(5))).isEqualTo(file.bytes(5, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=5-", "bytes=5-", "bytes=5-");
        }
    }

    @Test
    void endsWithTheLastErrorWhenItAlwaysBreaksBeforeTheFirstChunk() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .omittingValidators()
                .always()
                .cutAfter(10_000)
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream().maxRetries(2));

            assertThat(read.failure()).isInstanceOf(HttpException.class);
            assertThat(outlet.server().requests()).hasSize(3);
        }
    }

    @Test
    void countsOnlyFailuresWithoutANewByte() {
        RangeFile file = RangeFile.ofSize(SIZE).cutAfter(100_000).always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().maxRetries(1))).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests()).hasSize(10);
        }
    }

    @Test
    void endsWithTheLastErrorWhenNothingComesAnyMore() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(CUT)
                .dropping()
                .onRequest(2, 3, 4)
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream().maxRetries(2));

            assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            assertThat(read.failure())
                    .isInstanceOfSatisfying(
                            HeadraceException.class,
                            error -> assertThat(error.isTransient()).isTrue());
            assertThat(outlet.server().requests()).hasSize(3);
        }
    }

    @Test
    void withoutRetriesTheFirstBreakIsTheEnd() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(CUT);
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream().maxRetries(0));

            assertThat(read.failure()).isInstanceOf(HttpException.class);
            assertThat(read.bytes()).isEqualTo(file.bytes(0, CUT));
            assertThat(read(outlet.stream().startAt(read.bytes().length))).isEqualTo(file.bytes(CUT, SIZE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void statusesThatMayPassAreTriedAgain(int status) { // 14, 15
        RangeFile file = RangeFile.ofSize(SIZE).failing(status).onRequest(1).once();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void waitsAsLongAsTheServerSays() { // 14
        RangeFile file = RangeFile.ofSize(SIZE)
                .failing(503)
                .header("Retry-After", "1")
                .onRequest(1)
                .once();
        try (Outlet outlet = Outlet.of(file)) {
            read(outlet.stream());

            assertThat(Duration.between(
                            outlet.server().requests().get(0).arrivedAt(),
                            outlet.server().requests().get(1).arrivedAt()))
                    .isGreaterThan(Duration.ofMillis(950));
        }
    }

    @Test
    void waitsForNoServerThatWantsMinutes() { // 14
        RangeFile file =
                RangeFile.ofSize(SIZE).failing(503).header("Retry-After", "121").always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(failureOf(outlet.stream())).isInstanceOf(HttpStatusException.class);
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void aRefusedConnectionIsTriedAgain() throws Exception { // 16
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        AtomicInteger attempts = new AtomicInteger();
        try (Connector nobody = Connector.builder("http://127.0.0.1:" + free).build()) {
            ByteStream stream = quick(ByteStream.from(
                    nobody, Mono.fromSupplier(() -> Request.get("/file").query("n", attempts.incrementAndGet()))));

            assertThat(failureOf(stream.maxRetries(2))).isInstanceOf(HttpException.class);
        }
        assertThat(attempts).hasValue(3);
    }

    @Test
    void goesOnInABodyOfTheWholeThatBreaksAgain() {
        // The server knows no ranges: each attempt skips what was emitted, and the tag is the proof.
        RangeFile file = RangeFile.ofSize(SIZE)
                .ignoringRange()
                .always()
                .cutAfter(CUT)
                .onRequest(1, 3)
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void theCauseOfABreakWithinTheLastByteIsForgotten() {
        String cut = response(
                "206 Partial",
                "ETag: \"v1\"",
                "Content-Range: bytes 5-9/10",
                "Transfer-Encoding: chunked",
                "",
                "5",
                "56789",
                "");
        try (Outlet outlet = Outlet.replies(cut)) {
            assertThat(read(outlet.stream().startAt(5))).asString().isEqualTo("56789");
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }
}
