package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.TransportException;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.netty.http.HttpProtocol;

/** A file that nothing is there of. Rows L22, L28 and L31: to a path, with all that was done told at the end. */
class FreshDownloadTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @Test
    void appearsUnderItsNameWhenComplete() { // 1
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).expect(Digest.sha256(file.sha256())));

            assertThat(result)
                    .isEqualTo(new Downloaded(
                            destination, SIZE, SIZE, false, 0, 0, 1, file.etag(), Digest.sha256(file.sha256())));
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void makesTheDirectoriesThatAreMissing() {
        RangeFile file = RangeFile.ofSize(10);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(directory.resolve("a/b/file.bin")));

            assertIs(file, directory.resolve("a/b/file.bin"));
        }
    }

    @Test
    void loadsAnEmptyFile() { // 2
        try (Origin origin = Origin.of(RangeFile.ofSize(0))) {
            Downloaded result = run(origin.download(destination));

            assertThat(result.totalBytes()).isZero();
            assertThat(destination).isEmptyFile();
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void learnsTheLengthOfAChunkedBodyFromItsEnd() { // 3
        RangeFile file = RangeFile.ofSize(SIZE).chunked().always();
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination)).totalBytes()).isEqualTo(SIZE);
            assertIs(file, destination);
        }
    }

    @Test
    void learnsTheLengthOfAnHttp2BodyFromItsEnd() {
        Route unsized =
                (request, response) -> response.sendByteArray(Flux.range(0, 10).map(i -> new byte[1000]))
                        .then();
        try (TestServer server =
                        TestServer.builder().route("/**", unsized).http2().start();
                Connector connector = Connector.builder(server.url())
                        .transport(t -> t.customize(client -> client.protocol(HttpProtocol.H2C)))
                        .build()) {
            Download download = Download.from(connector, Request.get("/file")).to(destination);

            assertThat(run(download).totalBytes()).isEqualTo(10_000);
        }
    }

    @Test
    void doesNotBelieveABodyThatEndsWithTheConnection() { // 4
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).closeDelimited().always())) {
            Throwable failure = failureOf(origin.download(destination));

            assertThat(failure).isInstanceOf(UnverifiableLengthException.class);
            assertThat(part(destination)).hasSize(SIZE);
            assertThat(destination).doesNotExist();
        }
    }

    @Test
    void believesItWhenTheSizeIsKnown() { // 4
        RangeFile file = RangeFile.ofSize(SIZE).closeDelimited().always();
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).expectSize(SIZE));

            assertIs(file, destination);
        }
    }

    @Test
    void believesItWhenTheDigestIsRight() { // 4
        RangeFile file = RangeFile.ofSize(SIZE).closeDelimited().always();
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).expect(Digest.sha256(file.sha256())));

            assertIs(file, destination);
        }
    }

    @Test
    void resumesWhenSuchABodyIsCutAndTheSizeIsKnown() { // 4
        RangeFile file = RangeFile.ofSize(SIZE).closeDelimited().always().cutting(1_000_000);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).expectSize(SIZE));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-");
        }
    }

    @Test
    void resumesAfterTheLastByteReceived() { // 5
        RangeFile file = RangeFile.ofSize(SIZE).cutting(1_000_000, 500_001, 7);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "bytes=1500001-", "bytes=1500008-");
            assertThat(origin.server().requests().get(1).header("If-Range")).contains(file.etag());
            assertThat(result).isEqualTo(new Downloaded(destination, SIZE, SIZE, false, 0, 0, 4, file.etag(), null));
        }
    }

    @Test
    void goesOnForAsLongAsEachAttemptBringsBytes() {
        RangeFile file = RangeFile.ofSize(SIZE).cutAfter(200_000).always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).maxRetries(1));

            assertIs(file, destination);
            assertThat(result.requests()).isEqualTo(15);
        }
    }

    @Test
    void givesUpWhenAttemptsInARowBringNothing() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(1_000_000)
                .dropping()
                .onRequest(2, 3, 4)
                .always();
        try (Origin origin = Origin.of(file)) {
            Throwable failure = failureOf(origin.download(destination).maxRetries(2));

            assertThat(failure).isInstanceOf(TransportException.class);
            assertThat(origin.server().requests()).hasSize(3);
            assertThat(part(destination)).hasSize(1_000_000);
        }
    }

    @Test
    void resumesAChunkedBodyThatWasCut() { // 6
        RangeFile file = RangeFile.ofSize(SIZE).chunked().always().cutting(1_000_000);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-");
        }
    }

    @Test
    void startsOverWhenThereIsNoValidator() { // 6, 45
        RangeFile file = RangeFile.ofSize(SIZE).omittingValidators().always().cutting(1_000_000);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "");
            assertThat(result.restarts()).isOne();
            assertThat(result.bytes()).isEqualTo(SIZE + 1_000_000);
        }
    }

    @Test
    void doesNotStartOverForEver() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .omittingValidators()
                .always()
                .cutAfter(1_000_000)
                .always();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination).maxRetries(2))).isInstanceOf(TransportException.class);
            assertThat(origin.server().requests()).hasSize(4);
        }
    }

    @Test
    void readsNoMoreThanTheContentLengthSays() { // 7
        try (Origin origin = Origin.of(
                RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and something else"))
                        .start())) {
            run(origin.download(destination));

            assertThat(destination).hasContent("hello");
        }
    }

    @Test
    void failsBeforeTheFirstByteWhenTheSizeIsAnother() { // 8
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            assertThat(failureOf(origin.download(destination).expectSize(5))).isInstanceOf(SizeMismatchException.class);
            assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {SIZE - 1, SIZE + 1})
    void failsWhenAChunkedBodyHasAnotherSize(long expected) { // 8
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).chunked().always())) {
            assertThat(failureOf(origin.download(destination).expectSize(expected)))
                    .isInstanceOf(SizeMismatchException.class);
            assertOnly(directory);
        }
    }

    @Test
    void refusesCodedBytes() { // 9
        try (Origin origin =
                Origin.of(RangeFile.ofSize(SIZE).claimingEncoding("gzip").always())) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(ContentCodedException.class);
            assertThat(origin.server().requests().get(0).header("Accept-Encoding"))
                    .contains("identity");
            assertOnly(directory);
        }
    }

    @Test
    void refusesAPartThatNobodyAskedFor() { // 41
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).rangingUnasked().always())) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(ContentRangeException.class);
            assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304, 401, 403, 404, 410, 416})
    void leavesNothingBehindWhenTheAnswerIsNoFile(int status) { // 10, 13
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).failing(status).always())) {
            Throwable failure = failureOf(origin.download(destination));

            assertThat(failure).isInstanceOf(HttpStatusException.class);
            assertThat(((HttpStatusException) failure).status()).isEqualTo(status);
            assertThat(origin.server().requests()).hasSize(1);
            assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {102, 103, 104})
    void ignoresInterimAnswers(int status) { // 11
        try (Origin origin = Origin.of(RawServer.replies(
                        Reply.bytes("HTTP/1.1 " + status + " Wait\r\n\r\n").thenOk("the file"))
                .start())) {
            run(origin.download(destination));

            assertThat(destination).hasContent("the file");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 102, 103, 104})
    void takesNoInterimAnswerForTheLast(int status) { // 10
        try (Origin origin = Origin.of(RawServer.replies(
                        Reply.bytes("HTTP/1.1 " + status + " Wait\r\n\r\n").close())
                .start())) {
            assertThat(failureOf(origin.download(destination).maxRetries(0))).isInstanceOf(TransportException.class);
            assertOnly(directory);
        }
    }

    @Test
    void waitsAsLongAsRetryAfterSays() { // 14
        RangeFile file = RangeFile.ofSize(SIZE)
                .failing(503)
                .header("Retry-After", "1")
                .onRequest(1)
                .once();
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination));

            assertThat(origin.server().requests().get(1).arrivedAt())
                    .isAfterOrEqualTo(
                            origin.server().requests().get(0).arrivedAt().plusMillis(990));
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "Sat, 01 Jan 2000 00:00:00 GMT", "soon"})
    void asksAgainAtOnceWhereRetryAfterSaysNothingElse(String now) { // 14
        RangeFile file =
                RangeFile.ofSize(SIZE).failing(429).header("Retry-After", now).once();
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination)).requests()).isEqualTo(2);
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "Sat, 31 Dec 2089 23:59:59 GMT"})
    void doesNotWaitForHours(String later) { // 14
        RangeFile file =
                RangeFile.ofSize(SIZE).failing(429).header("Retry-After", later).always();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(HttpStatusException.class);
            assertThat(origin.server().requests()).hasSize(1);
            assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void asksAgainAfterAServersFailure(int status) { // 15
        RangeFile file = RangeFile.ofSize(SIZE).failing(status).times(3);
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination)).requests()).isEqualTo(4);
        }
    }

    @Test
    void takesNoErrorPageForTheFile() { // 15
        try (Origin origin =
                Origin.of(RawServer.replies(Reply.ok("<h1>Sorry</h1>")).start())) {
            Throwable failure = failureOf(origin.download(destination).expect(Digest.sha256("0".repeat(64))));

            assertThat(failure).isInstanceOf(DigestMismatchException.class);
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
            assertThat(origin.server().requests()).hasSize(1);
            assertOnly(directory);
        }
    }

    @Test
    void sendsNothingBeforeDemand() {
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            Download download = origin.download(destination);
            origin.download(destination).result();

            download.progress().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {}
            });

            assertThat(origin.server().requests()).isEmpty();
            assertThat(Files.exists(part(destination))).isFalse();
        }
    }
}
