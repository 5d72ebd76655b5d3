package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.http.RedirectException;
import dev.headrace.http.Secret;
import dev.headrace.http.TlsSettings;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that another origin than the one asked holds. */
class RedirectedDownloadTest {

    private static final int SIZE = 300_000;
    private static final int DONE = 100_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static Route redirecting(int status, Supplier<String> target) {
        return (request, response) ->
                response.status(status).header("Location", target.get()).send();
    }

    private static Origin redirectingTo(TestServer storage, int status) {
        TestServer server = TestServer.builder()
                .route(
                        "/file",
                        redirecting(status, () -> storage.uri("/signed?sig=1").toString()))
                .start();
        return Origin.of(
                server,
                settings -> settings.auth(Auth.bearer(Secret.of("hunter2"))).cookies());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsToAnotherOriginWithoutTheCredentials(int status) { // 12
        RangeFile file = RangeFile.ofSize(SIZE);
        try (TestServer storage = file.start();
                Origin origin = redirectingTo(storage, status)) {
            assertThat(run(origin.download(destination)).requests()).isOne();

            assertIs(file, destination);
            assertThat(origin.server().requests().get(0).header("Authorization"))
                    .contains("Bearer hunter2");
            assertThat(storage.requests())
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.header("Authorization")).isEmpty());
        }
    }

    @Test
    void asksTheFirstOriginAgainWhenTheOtherBreaks() { // 12
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE, 0);
        try (TestServer storage = file.start();
                Origin origin = redirectingTo(storage, 302)) {
            run(origin.download(destination));

            assertIs(file, destination);
            assertThat(origin.ranges()).containsExactly("", "bytes=100000-", "bytes=100000-");
            assertThat(storage.requests())
                    .extracting(request -> request.header("Range").orElse(""))
                    .containsExactlyElementsOf(origin.ranges());
            assertThat(storage.requests().get(1).header("If-Range")).contains(file.etag());
            assertThat(storage.requests())
                    .flatExtracting(request -> request.headers("Authorization"))
                    .isEmpty();
        }
    }

    @Test
    void bindsTheLaterRangesOfAFileThatIsLoadedInPartsToo() { // 12, 65-69
        RangeFile file = RangeFile.ofSize(3L << 20);
        try (TestServer storage = file.start();
                Origin origin = redirectingTo(storage, 307)) {
            run(origin.download(destination).segments(3));

            assertIs(file, destination);
            assertThat(origin.server().requests()).hasSize(3);
            assertThat(storage.requests().subList(1, 3))
                    .allSatisfy(
                            request -> assertThat(request.header("If-Match")).contains(file.etag()));
        }
    }

    @Test
    void aLaterRunGoesOnOverTheRedirectToo() { // 12
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (TestServer storage = file.start();
                Origin origin = redirectingTo(storage, 302)) {
            origin.interruptedRun(destination);

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void refusesToGoFromHttpsToHttp() { // 12
        try (TestServer plain = RangeFile.ofSize(SIZE).start();
                TestServer server = TestServer.builder()
                        .tls()
                        .route(
                                "/file",
                                redirecting(302, () -> plain.uri("/file").toString()))
                        .start();
                Origin origin =
                        Origin.of(server, settings -> settings.tls(TlsSettings.context(server.trustingContext())))) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(RedirectException.class);

            assertThat(plain.requests()).isEmpty();
            assertThat(server.requests()).hasSize(1);
            assertOnly(directory);
        }
    }

    @Test
    void endsWhereRedirectsLeadInACircle() { // 12
        try (TestServer server = TestServer.builder()
                        .route("/file", redirecting(302, () -> "/other"))
                        .route("/other", redirecting(302, () -> "/file"))
                        .start();
                Origin origin = Origin.of(server)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(RedirectException.class);

            assertThat(server.requests()).extracting(RecordedRequest::path).containsExactly("/file", "/other");
            assertOnly(directory);
        }
    }

    @Test
    void followsNoMoreThanTheConnectorsLimit() { // 12
        try (TestServer server = TestServer.builder()
                        .route("/**", (request, response) -> response.sendRedirect(request.uri() + "/next"))
                        .start();
                Origin origin = Origin.of(server, settings -> settings.maxRedirects(4))) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(RedirectException.class);

            assertThat(server.requests()).hasSize(5);
            assertOnly(directory);
        }
    }
}
