package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A later run goes on where an earlier one stopped, with a server that keeps the rules. Rows L24 and L28. */
class ResumedDownloadTest {

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
    void asksForTheRestAndAppendsIt() { // 17
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination).expect(Digest.sha256(file.sha256())));

            assertThat(result)
                    .isEqualTo(new Downloaded(
                            destination,
                            SIZE - DONE,
                            SIZE,
                            true,
                            DONE,
                            0,
                            1,
                            file.etag(),
                            Digest.sha256(file.sha256())));
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-");
            assertThat(origin.server().requests().get(1).header("If-Range")).contains(file.etag());
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void startsEachRetryFromTheFirstAddress() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        TestServer server = TestServer.builder()
                .route("/file", (request, response) -> response.sendRedirect("/signed?sig=1"))
                .route("/signed", file)
                .start();
        try (Origin origin = Origin.of(server)) {
            Downloaded result = run(origin.download(destination));

            assertThat(result.resumedFrom()).isZero();
            assertIs(file, destination);
            assertThat(server.requests())
                    .extracting(request ->
                            request.path() + " " + request.header("Range").orElse("-"))
                    .containsExactly("/file -", "/signed -", "/file bytes=1000000-", "/signed bytes=1000000-");
        }
    }

    @Test
    void asksWithTheDateWhenTheTagIsWeak() { // 44
        RangeFile file = RangeFile.ofSize(SIZE)
                .weakeningEtag()
                .header("Date", "Mon, 01 Jan 2024 00:01:00 GMT")
                .always()
                .cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertThat(origin.server().requests().get(1).header("If-Range")).contains("Mon, 01 Jan 2024 00:00:00 GMT");
            assertIs(file, destination);
        }
    }

    @Test
    void startsOverWhenTheTagIsWeakAndTheDateTooYoung() { // 45
        RangeFile file = RangeFile.ofSize(SIZE)
                .weakeningEtag()
                .header("Date", "Mon, 01 Jan 2024 00:00:59 GMT")
                .always()
                .cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "");
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, SIZE / 2, 2 * SIZE, 1, 0})
    void startsOverWithTheNewContentWhenItHasChanged(int newSize) { // 18, 21
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(newSize, 2);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
            assertThat(result.etag()).isEqualTo(file.etag());
            assertThat(result.requests()).isEqualTo(1);
        }
    }

    @Test
    void startsOverWhenThePreconditionFails() { // 19
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(DONE).failing(412).onRequest(2).once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(origin.download(destination)).restarts()).isOne();
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertIs(file, destination);
        }
    }

    @Test
    void isDoneWhenTheRemoteSaysThatNothingIsMissing() { // 4, 20
        RangeFile file = RangeFile.ofSize(SIZE).closeDelimited().onRequest(1).once();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(UnverifiableLengthException.class);

            Downloaded result = run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=3000000-");
            assertThat(result.bytes()).isZero();
            assertThat(result.resumedFrom()).isEqualTo(SIZE);
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void checksTheDigestWhenTheRemoteSaysThatNothingIsMissing(boolean right) { // 20
        RangeFile file = RangeFile.ofSize(SIZE).closeDelimited().onRequest(1).once();
        Digest digest = Digest.sha256(right ? file.sha256() : "0".repeat(64));
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(UnverifiableLengthException.class);

            Download later = origin.download(destination).expect(digest);

            if (right) {
                assertThat(run(later).bytes()).isZero();
                assertThat(origin.ranges()).containsExactly("", "bytes=3000000-");
                assertIs(file, destination);
            } else {
                assertThat(failureOf(later)).isInstanceOf(DigestMismatchException.class);
                assertThat(origin.ranges()).containsExactly("", "bytes=3000000-", "");
                assertOnly(directory);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {DONE - 1, DONE + 1, DONE, SIZE})
    void startsOverWhenTheRangeIsRefusedWithALengthThatCannotBe(long claimed) { // 21, 22
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .unsatisfiable(claimed)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertIs(file, destination);
        }
    }

    @Test
    void asksWithoutARangeWhenItIsRefusedWithoutALength() { // 23
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(DONE).failing(416).onRequest(2).once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertIs(file, destination);
        }
    }

    @Test
    void keepsTheBytesUntilTheWholeContentComes() { // 23
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .failing(416)
                .onRequest(2)
                .once()
                .failing(404)
                .onRequest(3)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            assertThat(failureOf(origin.download(destination))).isInstanceOf(HttpStatusException.class);

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void sendsNothingWhenAllBytesAreThere() throws IOException { // 24
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            // Somebody takes the name while the bytes come, so that everything is done but the rename.
            Download first = origin.download(destination).listener(progress -> {
                if (progress.phase() == TransferProgress.Phase.VERIFYING) {
                    take(destination);
                }
            });
            assertThat(failureOf(first)).isInstanceOf(DestinationExistsException.class);
            assertThat(destination).isEmptyFile();
            Files.delete(destination);

            Downloaded result = run(origin.download(destination).expect(Digest.sha256(file.sha256())));

            assertThat(result.requests()).isZero();
            assertThat(result.resumedFrom()).isEqualTo(SIZE);
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    private static void take(Path name) {
        try {
            Files.createFile(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410, 204, 304})
    void keepsTheBytesWhenTheRemoteDeniesThem(int status) { // 26, 27, 28
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .failing(status)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(failureOf(origin.download(destination))).isInstanceOf(HttpStatusException.class);
            assertThat(part(destination)).hasSize(DONE);
            assertThat(journal(destination)).exists();

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void beginsAnewWhenToldTo() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(origin.download(destination).resume(false)).resumed())
                    .isFalse();
            assertThat(origin.ranges()).containsExactly("", "");
            assertIs(file, destination);
        }
    }

    @Test
    void beginsAnewForAnotherUrl() {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file);
                Connector connector = Connector.builder(origin.server().url()).build()) {
            origin.interruptedRun(destination);

            run(Download.from(connector, Request.get("/another")).to(destination));

            assertThat(origin.ranges()).containsExactly("", "");
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnWhenOnlyTheSignatureOfTheUrlIsNew() { // 27
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file);
                Connector connector = Connector.builder(origin.server().url()).build()) {
            Request signed = Request.get("/file").query("versionId", 7);
            Download first = Download.from(
                    connector, signed.query("X-Amz-Date", "20240101T000000Z").query("X-Amz-Signature", "aa"));
            Download second = Download.from(
                    connector, signed.query("X-Amz-Date", "20240102T000000Z").query("X-Amz-Signature", "bb"));
            failureOf(first.to(destination).maxRetries(0));

            assertThat(run(second.to(destination)).resumedFrom()).isEqualTo(DONE);
        }
    }

    @Test
    void neverWritesASecretIntoTheJournal() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file);
                Connector connector = Connector.builder(origin.server().url()).build()) {
            Request request = Request.get("/file")
                    .query("access_token", "hunter2")
                    .query("q", Secret.of("hunter3"))
                    .header("Authorization", "Bearer hunter4");

            failureOf(Download.from(connector, request).to(destination).maxRetries(0));

            assertThat(new String(Files.readAllBytes(journal(destination)), StandardCharsets.ISO_8859_1))
                    .contains("/file")
                    .doesNotContain("hunter");
        }
    }

    @Test
    void removesWrongBytesForGood() { // 63
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            Download wrong = origin.download(destination).expect(Digest.sha256("0".repeat(64)));

            assertThat(failureOf(wrong)).isInstanceOf(DigestMismatchException.class);

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertOnly(directory);
        }
    }

    @Test
    void loadsEverythingOnceMoreWhenTheSeamIsWrong() { // 46
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceSilentlyWith(2);

            Downloaded result = run(origin.download(destination).expect(Digest.sha256(file.sha256())));

            assertThat(result.restarts()).isOne();
            assertThat(result.resumed()).isFalse();
            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertIs(file, destination);
        }
    }

    @Test
    void sendsWhatTheRequestHasWithEveryAttempt() {
        // L27: extra headers.
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (TestServer server = file.start();
                Connector connector = Connector.builder(server.url()).build()) {
            run(Download.from(connector, Request.get("/file").header("X-Tenant", "a"))
                    .to(destination)
                    .retryDelay(Duration.ofMillis(1), Duration.ofSeconds(1)));

            assertThat(server.requests())
                    .hasSize(2)
                    .allSatisfy(
                            request -> assertThat(request.header("X-Tenant")).contains("a"));
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnAfterTheSilenceThatItsRequestAllows() {
        // L25: a read timeout of its own.
        RangeFile file = RangeFile.ofSize(SIZE).stallAfter(DONE).onRequest(1).once();
        try (TestServer server = file.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Request impatient = Request.get("/file")
                    .options(options -> options.timeouts(clocks -> clocks.gap(Duration.ofMillis(100))));

            run(Download.from(connector, impatient)
                    .to(destination)
                    .retryDelay(Duration.ofMillis(1), Duration.ofSeconds(1)));

            assertThat(server.requests()).hasSize(2);
            assertIs(file, destination);
        }
    }
}
