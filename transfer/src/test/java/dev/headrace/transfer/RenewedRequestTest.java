package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.OAuth2;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Signed URLs and tokens that do not live as long as a transfer. */
class RenewedRequestTest {

    private static final int SIZE = 300_000;
    private static final int DONE = 100_000;

    @TempDir
    private Path directory;

    private Path destination;

    private final AtomicInteger signatures = new AtomicInteger();

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private Mono<Request> signed() {
        return Mono.fromSupplier(
                () -> Request.get("/file").query("version", 7).query("X-Amz-Signature", signatures.incrementAndGet()));
    }

    private static List<String> signaturesSeen(Origin origin) {
        return origin.server().requests().stream()
                .map(request -> request.query("X-Amz-Signature").orElse("-"))
                .toList();
    }

    @Test
    void makesARequestForEachAttempt() { // 27
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE, 50_000);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(signed(), destination));

            assertIs(file, destination);
            assertThat(signaturesSeen(origin)).containsExactly("1", "2", "3");
            assertThat(origin.ranges()).containsExactly("", "bytes=100000-", "bytes=150000-");
        }
    }

    @Test
    void makesARequestForEachPart() { // 27
        RangeFile file = RangeFile.ofSize(2 << 20);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(signed(), destination).segments(2));

            assertIs(file, destination);
            assertThat(signaturesSeen(origin)).containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 410})
    void asksForAnotherUrlOnceWhenOneIsRefused(int status) { // 27
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .failing(status)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(signed(), destination));

            assertIs(file, destination);
            assertThat(signaturesSeen(origin)).containsExactly("1", "2", "3");
            assertThat(origin.ranges()).containsExactly("", "bytes=100000-", "bytes=100000-");
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void asksAgainEachTimeThatOneHasWorked() { // 27
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutAfter(DONE)
                .always()
                .failing(403)
                .onRequest(2, 4)
                .always();
        try (Origin origin = Origin.of(file)) {
            run(origin.download(signed(), destination));

            assertIs(file, destination);
            assertThat(origin.ranges())
                    .containsExactly("", "bytes=100000-", "bytes=100000-", "bytes=200000-", "bytes=200000-");
        }
    }

    @Test
    void failsWhenTheNextUrlIsRefusedAsWell() { // 27
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .failing(403)
                .onRequest(2, 3, 4)
                .always();
        try (Origin origin = Origin.of(file)) {
            Throwable failure = failureOf(origin.download(signed(), destination));

            assertThat(failure).isInstanceOf(HttpStatusException.class).hasMessageContaining("403");
            assertThat(signaturesSeen(origin)).containsExactly("1", "2", "3");
            assertThat(part(destination)).hasSize(DONE);
            assertThat(journal(destination)).exists();
        }
    }

    @Test
    void leavesNothingBehindWhenNoUrlEverWorks() { // 27, 13
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE).failing(403).always())) {
            assertThat(failureOf(origin.download(signed(), destination))).isInstanceOf(HttpStatusException.class);

            assertThat(signaturesSeen(origin)).containsExactly("1", "2");
            assertOnly(directory);
        }
    }

    @Test
    void aLaterRunGoesOnThoughTheSignatureIsNew() { // 27
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            failureOf(origin.download(signed(), destination).maxRetries(0));

            assertThat(run(origin.download(signed(), destination)).resumedFrom())
                    .isEqualTo(DONE);
            assertThat(signaturesSeen(origin)).containsExactly("1", "2");
        }
    }

    @Test
    void aLaterRunGoesOnWithAnyUrlOfTheNamedContent() { // 27
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE, 50_000);
        try (Origin origin = Origin.of(file)) {
            Mono<Request> anywhere = Mono.fromSupplier(() -> Request.get("/mirror/" + signatures.incrementAndGet()));
            failureOf(origin.download(anywhere, destination).identity("disk 7").maxRetries(0));

            assertThat(run(origin.download(anywhere, destination).identity("disk 7"))
                            .resumedFrom())
                    .isEqualTo(DONE);
            assertThat(origin.server().requests().get(2).path()).isEqualTo("/mirror/3");
            assertIs(file, destination);
        }
    }

    @Test
    void aLaterRunBeginsAnewWhereMoreThanTheSignatureIsNew() { // 27
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            Mono<Request> anywhere = Mono.fromSupplier(() -> Request.get("/mirror/" + signatures.incrementAndGet()));
            failureOf(origin.download(anywhere, destination).maxRetries(0));

            Downloaded result = run(origin.download(anywhere, destination));

            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void failsWithWhatTheSourceOfRequestsFailsWith() { // 27
        try (Origin origin = Origin.of(RangeFile.ofSize(SIZE))) {
            assertThat(failureOf(origin.download(Mono.empty(), destination))).isInstanceOf(IllegalStateException.class);
            assertThat(failureOf(origin.download(Mono.error(new UnsupportedOperationException("no key")), destination)))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(failureOf(origin.download(Mono.just(Request.post("/file")), destination)))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(origin.server().requests()).isEmpty();
            assertOnly(directory);
        }
    }

    @Test
    void keepsWhatItHasWhenTheSourceFailsInTheMiddle() { // 27
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            Mono<Request> once = signed().filter(request -> signatures.get() != 2);

            assertThat(failureOf(origin.download(once, destination))).isInstanceOf(IllegalStateException.class);
            assertThat(part(destination)).hasSize(DONE);

            assertThat(run(origin.download(once, destination)).resumedFrom()).isEqualTo(DONE);
        }
    }

    @Test
    void goesOnWithANewTokenWhenTheOldOneHasEnded() { // 28
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing();
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutAfter(DONE)
                .when(request -> revoked(tokens))
                .once();
        try (TestServer server = TestServer.builder()
                        .route("/token", tokens)
                        .route("/file", tokens.guarding(file))
                        .start();
                Origin origin = Origin.of(
                        server,
                        settings -> settings.auth(OAuth2.clientCredentials(
                                server.uri("/token").toString(), "id", Secret.of("secret"))))) {
            Downloaded result = run(origin.download(destination));

            assertThat(tokens.issued()).isEqualTo(2);
            assertThat(result.restarts()).isZero();
            assertThat(server.requests().stream()
                            .filter(request -> request.path().equals("/file")))
                    .extracting(request -> request.header("Authorization").orElse("") + " "
                            + request.header("Range").orElse(""))
                    .containsExactly("Bearer a1 ", "Bearer a1 bytes=100000-", "Bearer a2 bytes=100000-");
            assertIs(file, destination);
        }
    }

    private static boolean revoked(FakeTokenEndpoint tokens) {
        tokens.revoke();
        return true;
    }

    @Test
    void aLaterRunGoesOnWithANewToken() { // 28
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing();
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (TestServer server = TestServer.builder()
                        .route("/token", tokens)
                        .route("/file", tokens.guarding(file))
                        .start();
                Origin origin = Origin.of(
                        server,
                        settings -> settings.auth(OAuth2.clientCredentials(
                                server.uri("/token").toString(), "id", Secret.of("secret"))))) {
            origin.interruptedRun(destination);
            tokens.revoke();

            Downloaded result = run(origin.download(destination));

            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(tokens.issued()).isEqualTo(2);
            assertIs(file, destination);
        }
    }
}
