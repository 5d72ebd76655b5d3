package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeApi;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedirectTest {

    @Test
    void fetchBeginsWithTheFirstByteOfWhatTheRedirectLeadsTo() {
        RangeFile file = RangeFile.ofSize(300_000);

        try (TestServer server = TestServer.builder()
                .route("/a.bin", file)
                .route("/old", to(302, "/a.bin"))
                .start()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Ran ran = Ran.into(out, "", "fetch", server.url() + "/old");

            assertThat(ran.exitCode()).isZero();
            assertThat(out.toByteArray()).isEqualTo(file.bytes(0, 300_000));
        }
    }

    @Test
    void everyCommandFollows(@TempDir Path directory) {
        Path target = directory.resolve("a.bin");

        try (TestServer server = TestServer.builder()
                .route("/records", FakeApi.linkHeader("/records", FakeApi.issues(3)))
                .route("/events", EventFeed.of(2))
                .route("/file", RangeFile.ofSize(1_000))
                .route(
                        "/old/**",
                        (request, response) -> response.status(307)
                                .header("Location", request.fullPath().substring(4))
                                .send())
                .start()) {
            String old = server.url() + "/old";

            assertThat(Ran.headrace("records", old + "/records").lines()).hasSize(3);
            assertThat(Ran.headrace("events", old + "/events", "--no-reconnect").lines())
                    .hasSize(2);
            assertThat(Ran.headrace("download", old + "/file", "-o", target.toString())
                            .exitCode())
                    .isZero();
            assertThat(target).hasSize(1_000);
            assertThat(Ran.headrace("check", old + "/file").out()).contains("\"UP\"");
        }
    }

    @Test
    void endsTheRemoteBehindARedirectWhenNobodyReadsAnyMore() {
        try (TestServer server = TestServer.builder()
                .route("/a.bin", RangeFile.ofSize(1L << 30))
                .route("/old", to(302, "/a.bin"))
                .sendBuffer(64 * 1024)
                .start()) {
            Ran ran = Ran.into(SlowPipe.closedAfter(1), "", "fetch", server.url() + "/old");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(server.bytesSent()).isLessThan(64L << 20);
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }

    @Test
    void keepsCredentialsAtHomeUnlessTheOtherOriginIsAllowed() {
        try (TestServer other = Route.fixed(200, "text/plain", "ok").start();
                TestServer server = to(302, other.url() + "/a").start()) {
            String[] command = {
                "fetch", server.url(), "--bearer-env", "HEADRACE_TEST_SECRET", "-H", "X-Api-Key: k", "-H", "X-One: 1"
            };
            assertThat(Ran.headrace(command).out()).isEqualTo("ok");
            assertThat(Ran.and(command, "--allow-origin", other.url()).out()).isEqualTo("ok");

            assertThat(server.requests())
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).contains("Bearer s3cr3t-value"));
            RecordedRequest stripped = other.requests().get(0);
            assertThat(stripped.header("Authorization")).isEmpty();
            assertThat(stripped.header("X-Api-Key")).isEmpty();
            assertThat(stripped.header("X-One")).contains("1");
            RecordedRequest trusted = other.requests().get(1);
            assertThat(trusted.header("Authorization")).contains("Bearer s3cr3t-value");
            assertThat(trusted.header("X-Api-Key")).contains("k");
        }
    }

    @Test
    void saysWhoRefusedARequestThatWasLedElsewhere() {
        try (TestServer other = Route.fixed(401, "text/plain", "").start();
                TestServer server = to(302, other.url() + "/a").start()) {
            Ran ran = Ran.headrace("fetch", server.url(), "--bearer-env", "HEADRACE_TEST_SECRET");

            assertThat(ran.exitCode()).isEqualTo(3);
            assertThat(ran.err()).startsWith("headrace: GET " + other.url() + "/a: status 401");
        }
    }

    @Test
    void followsNoneWhenToldSo() {
        try (TestServer server = to(302, "/new").start()) {
            Ran ran = Ran.headrace("fetch", server.url() + "/old", "--no-redirects");

            assertThat(ran.exitCode()).isEqualTo(3);
            assertThat(ran.err()).contains("status 302; not followed to /new").hasLineCount(1);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void givesUpOnCirclesAndOnOneTooMany() {
        Route further = (request, response) -> response.status(302)
                .header("Location", request.fullPath() + "1")
                .send();

        try (TestServer server = TestServer.builder()
                .route("/circle", to(302, "/circle"))
                .route("/**", further)
                .start()) {
            Ran circle = Ran.headrace("fetch", server.url() + "/circle");
            Ran oneTooMany = Ran.headrace("fetch", server.url() + "/on");

            assertThat(List.of(circle, oneTooMany)).allSatisfy(ran -> {
                assertThat(ran.exitCode()).isEqualTo(3);
                assertThat(ran.err()).hasLineCount(1);
            });
            assertThat(circle.err()).contains("leads in a circle");
            assertThat(oneTooMany.err())
                    .contains("/on111111")
                    .contains("ask for the URL")
                    .doesNotContain("maxRedirects");
        }
    }

    private static Route to(int status, String location) {
        return (request, response) ->
                response.status(status).header("Location", location).send();
    }
}
