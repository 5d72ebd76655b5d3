package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CheckTest {

    @Test
    void writesOneObjectAboutARemoteThatIsUp() {
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            Ran ran = Ran.headrace("check", server.url() + "/health?deep=1", "-X", "HEAD", "-H", "X-One: 1");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out())
                    .matches("\\{\"status\":\"UP\",\"latencyMs\":\\d+,\"statusCode\":200,\"reason\":\"\"}\n");
            assertThat(server.requests()).hasSize(1).first().satisfies(request -> {
                assertThat(request.method()).isEqualTo("HEAD");
                assertThat(request.uri()).isEqualTo("/health?deep=1");
                assertThat(request.header("X-One")).contains("1");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"204, UP, 0", "404, UP, 0", "401, DEGRADED, 0", "429, DEGRADED, 0", "500, DOWN, 1", "503, DOWN, 1"})
    void endsWithZeroIfTheRemoteIsUsable(int status, String health, int exitCode) {
        try (TestServer server = Route.fixed(status, "text/plain", "").start()) {
            Ran ran = Ran.headrace("check", server.url());

            assertThat(ran.exitCode()).isEqualTo(exitCode);
            assertThat(ran.err()).isEmpty();
            assertThat(json(ran).get("status").asString()).isEqualTo(health);
            assertThat(json(ran).get("statusCode").asInt()).isEqualTo(status);
            // Nothing is tried again: the moment is what was asked about.
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void saysThatNobodyListens() {
        int port;
        try (TestServer server = TestServer.builder().start()) {
            port = server.port();
        }

        Ran ran = Ran.headrace("check", "http://127.0.0.1:" + port + "/?token=s3cr3t-value");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).doesNotContain("s3cr3t-value");
        assertThat(json(ran).get("status").asString()).isEqualTo("DOWN");
        assertThat(json(ran).get("statusCode").isNull()).isTrue();
        assertThat(json(ran).get("reason").asString()).contains("connection refused");
    }

    @Test
    void namesTheOptionInAReasonToo() {
        try (TestServer server = TestServer.builder().tls().start()) {
            Ran ran = Ran.headrace("check", server.url());

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(json(ran).get("reason").asString())
                    .contains("--cacert FILE")
                    .doesNotContain("TlsSettings");
        }
    }

    private static JsonNode json(Ran ran) {
        assertThat(ran.lines()).hasSize(1);
        return Json.tree(ran.out().getBytes(StandardCharsets.UTF_8));
    }
}
