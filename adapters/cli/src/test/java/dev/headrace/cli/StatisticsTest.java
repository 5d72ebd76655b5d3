package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeApi;
import dev.headrace.test.RangeFile;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class StatisticsTest {

    @Test
    void areOneObjectOnStandardError() {
        try (TestServer server = Route.fixed(200, "text/plain", "12345").start()) {
            Ran ran = Ran.headrace("fetch", server.url(), "--stats");

            assertThat(ran.out()).isEqualTo("12345");
            JsonNode stats = stats(ran, 1);
            assertThat(stats.propertyNames())
                    .containsExactly(
                            "calls",
                            "succeeded",
                            "failed",
                            "cancelled",
                            "inFlight",
                            "requests",
                            "retries",
                            "retriesRefused",
                            "responses",
                            "failures",
                            "timeouts",
                            "bytes",
                            "latencyMs",
                            "longestLatencyMs",
                            "rateLimits",
                            "circuits");
            assertThat(stats.get("calls").asInt()).isEqualTo(1);
            assertThat(stats.get("succeeded").asInt()).isEqualTo(1);
            assertThat(stats.get("inFlight").asInt()).isZero();
            assertThat(stats.get("requests").asInt()).isEqualTo(1);
            assertThat(stats.get("bytes").asInt()).isEqualTo(5);
            assertThat(stats.get("responses").propertyNames())
                    .containsExactly("successful", "redirecting", "clientErrors", "serverErrors");
            assertThat(stats.get("failures").propertyNames())
                    .containsExactly("TRANSIENT", "CONFIGURATION", "PERMANENT", "UNTRUSTED_DATA", "LOCAL");
        }
    }

    @Test
    void comeBeforeTheLineOfAFailure() {
        try (TestServer server = Route.fixed(503, "text/plain", "").start()) {
            Ran ran = Ran.headrace("fetch", server.url(), "--stats", "--retry", "2", "--retry-delay", "1ms");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err().lines().toList().get(1)).startsWith("headrace: GET ");
            JsonNode stats = stats(ran, 2);
            assertThat(stats.get("failed").asInt()).isEqualTo(1);
            assertThat(stats.get("requests").asInt()).isEqualTo(3);
            assertThat(stats.get("retries").asInt()).isEqualTo(2);
            assertThat(stats.get("responses").get("serverErrors").asInt()).isEqualTo(3);
        }
    }

    @Test
    void countFailuresByKind() {
        int port;
        try (TestServer server = TestServer.builder().start()) {
            port = server.port();
        }

        Ran ran = Ran.headrace("fetch", "http://127.0.0.1:" + port, "--stats", "--retry", "0");

        assertThat(stats(ran, 2).get("failures").get("TRANSIENT").asInt()).isEqualTo(1);
    }

    @Test
    void areThereForEveryCommandAndWhenNobodyReadsAnyMore(@TempDir Path directory) {
        try (TestServer server = TestServer.builder()
                .route("/records", FakeApi.linkHeader("/records", FakeApi.issues(3)))
                .route("/events", EventFeed.endless())
                .route("/file", RangeFile.ofSize(1_000))
                .start()) {
            String file = directory.resolve("a.bin").toString();

            assertThat(stats(Ran.headrace("records", server.url() + "/records", "--stats"), 1)
                            .get("calls")
                            .asInt())
                    .isEqualTo(1);
            assertThat(stats(Ran.headrace("check", server.url() + "/file", "--stats"), 1)
                            .get("calls")
                            .asInt())
                    .isEqualTo(1);
            assertThat(stats(
                                    Ran.headrace(
                                            "download", server.url() + "/file", "-o", file, "--result-json", "--stats"),
                                    1)
                            .get("bytes")
                            .asInt())
                    .isEqualTo(1_000);
            assertThat(stats(Ran.into(SlowPipe.closedAfter(1), "", "events", server.url() + "/events", "--stats"), 1)
                            .get("requests")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void tellHowTheRateLimitStandsThatWasKept() {
        List<String> issues = FakeApi.issues(40);

        try (TestServer api = FakeApi.linkHeader(issues).pageSize(10).start()) {
            long start = System.nanoTime();
            // Two at once and then one each half second, so that the last of four waits for a second.
            Ran ran = Ran.headrace("records", api.url() + "/x", "--page", "link", "--rate", "120/m", "--stats");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
            assertThat(ran.lines()).isEqualTo(issues);
            JsonNode limit = stats(ran, 1).get("rateLimits").get(0);
            assertThat(limit.propertyNames()).containsExactly("key", "available", "waiting", "pausedUntil");
            assertThat(limit.get("key").asString()).isEqualTo(api.url());
            assertThat(limit.get("available").asInt()).isBetween(0, 2);
        }
    }

    private static JsonNode stats(Ran ran, int lines) {
        assertThat(ran.err()).hasLineCount(lines);
        return Json.tree(ran.err().lines().toList().get(0).getBytes(StandardCharsets.UTF_8));
    }
}
