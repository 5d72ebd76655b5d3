package dev.headrace.transfer;

import static dev.headrace.transfer.Outlet.failureOf;
import static dev.headrace.transfer.Outlet.quick;
import static dev.headrace.transfer.Outlet.read;
import static dev.headrace.transfer.Outlet.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import dev.headrace.transfer.Outlet.Read;
import dev.headrace.transfer.TransferProgress.Phase;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over a line that holds. Rows L36 to L39 and L64. */
class ByteStreamTest {

    private static final int SIZE = 200_000;
    private static final int CHUNK = 64 * 1024;

    @Test
    void emitsAllBytesInChunksOf64KiB() { // 1, L36, L37
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.failure()).isNull();
            assertThat(read.bytes()).isEqualTo(file.bytes(0, SIZE));
            assertThat(read.sizes()).containsExactly(CHUNK, CHUNK, CHUNK, SIZE - 3 * CHUNK);
            assertThat(outlet.ranges()).containsExactly("");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 65_537, 150_000, 64 * 1024 * 1024})
    void chunksHaveTheSizeAskedFor(int size) { // L37
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream().chunkSize(size));

            assertThat(read.bytes()).isEqualTo(file.bytes(0, SIZE));
            assertThat(read.sizes().subList(0, SIZE / size)).allMatch(chunk -> chunk == size);
            assertThat(read.sizes()).hasSize((SIZE + size - 1) / size);
        }
    }

    @Test
    void emptyContentIsAnEmptyStream() { // 2
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(0))) {
            assertThat(read(outlet.stream())).isEmpty();
            assertThat(read(outlet.stream().startAt(0))).isEmpty();
        }
    }

    @Test
    void chunkedContentEndsWithItsLastChunk() { // 3
        RangeFile file = RangeFile.ofSize(SIZE).chunked().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream())).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void contentWithoutAnEndIsEmittedAndThenDoubted() { // 4
        RangeFile file = RangeFile.ofSize(SIZE).closeDelimited().always();
        try (Outlet outlet = Outlet.of(file)) {
            Read read = Read.of(outlet.stream());

            assertThat(read.bytes()).isEqualTo(file.bytes(0, SIZE));
            assertThat(read.failure())
                    .isInstanceOf(UnverifiableLengthException.class)
                    .hasMessageContaining("after " + SIZE + " bytes")
                    .hasMessageContaining("allowUnframed");
            assertThat(read(outlet.stream().allowUnframed())).isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void aPartOfContentWithoutAnEndIsComplete() { // 4
        RangeFile file =
                RangeFile.ofSize(SIZE).closeDelimited().always().ignoringRange().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(10, 100_000))).isEqualTo(file.bytes(10, 100_000));
        }
    }

    @Test
    void whatFollowsTheLengthIsNoPartOfTheContent() { // 7
        try (Outlet outlet = Outlet.replies(response("200 OK", "Content-Length: 5", "", "01234surplus"))) {
            assertThat(read(outlet.stream())).asString().isEqualTo("01234");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aStatusWithoutContentIsAnError(int status) { // 10
        try (Outlet outlet = Outlet.replies(response(status + " None", "", ""))) {
            assertThat(failureOf(outlet.stream()))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            failure -> assertThat(failure.status()).isEqualTo(status));
        }
    }

    @Test
    void interimResponsesAreIgnored() { // 11
        String early = "HTTP/1.1 103 Early Hints\r\n\r\n";
        try (Outlet outlet =
                Outlet.of(RawServer.replies(Reply.bytes(early + response("200 OK", "Content-Length: 5", "", "01234")))
                        .start())) {
            assertThat(read(outlet.stream())).asString().isEqualTo("01234");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void refusalsAreNotTriedAgain(int status) { // 13
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(SIZE).failing(status).always())) {
            assertThat(failureOf(outlet.stream())).isInstanceOf(HttpStatusException.class);
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void codedContentIsAnError() { // 9
        try (Outlet outlet =
                Outlet.of(RangeFile.ofSize(SIZE).claimingEncoding("gzip").always())) {
            assertThat(failureOf(outlet.stream())).isInstanceOf(ContentCodedException.class);
            assertThat(outlet.server().requests().get(0).header("Accept-Encoding"))
                    .contains("identity");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 65_536, 199_999})
    void beginsWhereItIsTold(long offset) { // L38
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(offset))).isEqualTo(file.bytes(offset, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=" + offset + "-");
        }
    }

    @Test
    void countsFromTheOffsetOnlyIfTheAnswerDoes() { // L38: a 200 begins at 0
        RangeFile file = RangeFile.ofSize(SIZE).ignoringRange().always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(70_000))).isEqualTo(file.bytes(70_000, SIZE));
            assertThat(read(outlet.stream().range(70_000, 70_010))).isEqualTo(file.bytes(70_000, 70_010));
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @Test
    void readsAPart() { // L38
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(10, 11))).isEqualTo(file.bytes(10, 11));
            assertThat(read(outlet.stream().range(0, SIZE))).isEqualTo(file.bytes(0, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=10-10", "bytes=0-" + (SIZE - 1));
        }
    }

    @Test
    void aPartEndsWhereTheContentDoes() { // L38, RFC 9110 §14.1.2
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().range(199_990, 300_000))).isEqualTo(file.bytes(199_990, SIZE));
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("rangedAndNot")
    void nothingIsMissingBehindTheLastByte(RangeFile file) { // 20, L38
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(SIZE))).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("rangedAndNot")
    void anOffsetBehindTheEndIsAnError(RangeFile file) { // 21, L38
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(failureOf(outlet.stream().startAt(SIZE + 1)))
                    .isInstanceOf(ContentRangeException.class)
                    .hasMessageContaining("it has " + SIZE + " bytes, and was to be read from byte " + (SIZE + 1));
        }
    }

    static Stream<RangeFile> rangedAndNot() {
        return Stream.of(
                RangeFile.ofSize(SIZE),
                RangeFile.ofSize(SIZE).ignoringRange().always(),
                RangeFile.ofSize(SIZE).ignoringRange().always().chunked().always());
    }

    @Test
    void asksPlainlyWhenARangeIsRefusedWithoutReason() { // 23
        RangeFile file = RangeFile.ofSize(SIZE)
                .failing(416)
                .when(request -> request.requestHeaders().contains("Range"))
                .always();
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().startAt(10))).isEqualTo(file.bytes(10, SIZE));
            assertThat(outlet.ranges()).containsExactly("bytes=10-", "");
        }
    }

    static Stream<UnaryOperator<ByteStream>> badSettings() {
        return Stream.of(
                stream -> stream.chunkSize(0), // L37
                stream -> stream.chunkSize(-1),
                stream -> stream.chunkSize(64 * 1024 * 1024 + 1),
                stream -> stream.startAt(-1), // L38
                stream -> stream.range(-1, 5),
                stream -> stream.range(5, 5),
                stream -> stream.range(5, 4),
                stream -> stream.maxRetries(-1),
                stream -> stream.readTimeout(Duration.ofMillis(-1)));
    }

    @ParameterizedTest
    @MethodSource("badSettings")
    void badSettingsFailAtOnce(UnaryOperator<ByteStream> bad) { // L37, L38
        try (Connector connector = Connector.builder("http://localhost").build()) {
            ByteStream stream = ByteStream.from(connector, Request.get("/file"));

            assertThatIllegalArgumentException().isThrownBy(() -> bad.apply(stream));
        }
    }

    @Test
    void requestsThatAreNoPlainGetFailAtOnce() {
        try (Connector connector = Connector.builder("http://localhost").build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ByteStream.from(connector, Request.of("POST", "/file")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            ByteStream.from(connector, Request.get("/file").header("Range", "bytes=0-1")));
        }
    }

    @Test
    void headersAndParametersAreTheRequests() { // L39: extra_headers, params
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(10))) {
            read(quick(ByteStream.from(
                    outlet.connector(),
                    Request.get("/file").header("X-Extra", "1").query("v", 2))));

            assertThat(outlet.server().requests().get(0).header("X-Extra")).contains("1");
            assertThat(outlet.server().requests().get(0).uri()).isEqualTo("/file?v=2");
        }
    }

    @Test
    void aNamedEndpointIsStreamed() { // L36, L64
        RangeFile file = RangeFile.ofSize(SIZE);
        try (TestServer server = file.start();
                Connector connector = Connector.builder(server.url())
                        .endpoint(
                                "dump",
                                Endpoint.get("/dumps/{name}")
                                        .with("name", "a.bin")
                                        .header("X-Extra", "1"))
                        .build()) {
            ByteStream dump = ByteStream.from(connector, connector.endpoint("dump"))
                    .chunkSize(1000)
                    .startAt(100);

            assertThat(read(dump)).isEqualTo(file.bytes(100, SIZE));
            assertThat(server.requests().get(0).path()).isEqualTo("/dumps/a.bin");
            assertThat(server.requests().get(0).header("X-Extra")).contains("1");
        }
    }

    @Test
    void chunksMayBeKept() {
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            List<ByteBuffer> chunks = Objects.requireNonNull(
                    outlet.stream().chunkSize(10_000).bytes().collectList().block(Outlet.LONG));

            for (int i = 0; i < chunks.size(); i++) {
                assertThat(chunks.get(i).isReadOnly()).isTrue();
                assertThat(Outlet.copy(chunks.get(i))).isEqualTo(file.bytes(i * 10_000L, (i + 1) * 10_000L));
            }
        }
    }

    @Test
    void reusedBuffersHoldTheSameBytesWhileTheyAreShown() {
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().chunkSize(999).reuseBuffers())).isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void eachSubscriptionIsAStreamOfItsOwn() {
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            ByteStream stream = outlet.stream();

            assertThat(read(stream)).isEqualTo(read(stream));
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @Test
    void tellsHowFarItIs() { // L39: progress_callback
        List<TransferProgress> told = new ArrayList<>();
        try (Outlet outlet =
                Outlet.of(RangeFile.ofSize(SIZE).throttledTo(400_000).always())) {
            read(outlet.stream().chunkSize(10_000).range(50_000, 150_000).listener(told::add));
        }

        assertThat(told).first().matches(progress -> progress.phase() == Phase.CONNECTING && progress.bytesDone() == 0);
        assertThat(told)
                .anyMatch(progress -> progress.phase() == Phase.TRANSFERRING
                        && progress.bytesDone() > 0
                        && progress.bytesDone() < 100_000
                        && progress.totalBytes() == 100_000);
        assertThat(told)
                .last()
                .matches(progress -> progress.done() && progress.bytesDone() == 100_000 && progress.requests() == 1);
        assertThat(told).extracting(TransferProgress::bytesDone).isSorted();
        assertThat(told.get(told.size() - 1).percent()).hasValue(100);
    }

    @Test
    void aListenerThatThrowsDoesNoHarm() {
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Outlet outlet = Outlet.of(file)) {
            assertThat(read(outlet.stream().listener(progress -> {
                        throw new IllegalStateException("broken display");
                    })))
                    .isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void printsWhatItIsWithoutSecrets() {
        try (Connector connector = Connector.builder("http://localhost").build()) {
            ByteStream stream = ByteStream.from(connector, Request.get("/file").query("token", Secret.of("hidden")));

            assertThat(stream.range(5, 10)).hasToString("ByteStream[GET /file?token=••• from byte 5 to byte 10]");
            assertThat(stream.toString()).endsWith("from byte 0 to the end]");
        }
    }

    @Test
    void theKindOfEachErrorSaysWhetherAgainMayHelp() {
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(SIZE).failing(404).always())) {
            assertThat(((HeadraceException) failureOf(outlet.stream())).kind()).isNotEqualTo(FailureKind.TRANSIENT);
        }
    }
}
