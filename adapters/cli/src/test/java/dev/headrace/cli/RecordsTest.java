package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.FakeApi;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static final List<String> ISSUES = FakeApi.issues(250);

    @Test
    void writesTheRecordsOfAllPagesOneOnALine() {
        try (TestServer api = FakeApi.linkHeader(ISSUES).start()) {
            Ran ran = Ran.headrace("records", api.url() + "/issues", "--page", "link");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.lines()).isEqualTo(ISSUES);
            assertThat(api.requests()).hasSize(3);
        }
    }

    @Test
    void requestsNoPageThatItDoesNotNeed() {
        try (TestServer api = FakeApi.linkHeader(ISSUES).start()) {
            Ran ran = Ran.headrace("records", api.url() + "/issues", "--page", "link", "--take", "100");

            assertThat(ran.lines()).hasSize(100);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void readsOnePageUnlessTold() {
        try (TestServer api = FakeApi.linkHeader(ISSUES).start()) {
            assertThat(Ran.headrace("records", api.url() + "/issues").lines()).hasSize(100);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void keepsEveryDigitAndPutsEachValueOnOneLine() {
        String document = """
                { "data" : { "items" : [ { "a b" : 1.50e2,
                    "text" : "x \\" \\\\ y\\n z" } ,  12345678901234567890 , "ü" , null ] } }""";

        try (TestServer server = Route.fixed(200, "application/json", document).start()) {
            Ran ran = Ran.headrace("records", server.url(), "--items", "/data/items");

            assertThat(ran.lines())
                    .containsExactly(
                            "{\"a b\":1.50e2,\"text\":\"x \\\" \\\\ y\\n z\"}",
                            "12345678901234567890",
                            "\"ü\"",
                            "null");
        }
    }

    @Test
    void readsNdjson() {
        try (TestServer server = Route.fixed(200, "application/x-ndjson", "{\"n\": 1}\n\n[2, 3]\n")
                .start()) {
            Ran ran = Ran.headrace("records", server.url(), "--format", "ndjson");

            assertThat(ran.lines()).containsExactly("{\"n\":1}", "[2,3]");
        }
    }

    @Test
    void retriesWhatMayPassAsOftenAsTold() {
        FakeApi flaky = FakeApi.linkHeader(ISSUES).failing(503).onPage(2).times(2);

        try (TestServer api = flaky.start()) {
            String[] patient = {
                "records", api.url() + "/issues", "--page", "link", "--retry-delay", "5ms", "--retry-max-delay", "10ms"
            };

            assertThat(Ran.headrace(patient).lines()).isEqualTo(ISSUES);
            assertThat(api.requests()).hasSize(5);
        }
    }

    @Test
    void keepsWhatCameBeforeAFailure() {
        FakeApi broken = FakeApi.linkHeader(ISSUES).failing(503).onPage(2).always();

        try (TestServer api = broken.start()) {
            Ran ran = Ran.headrace("records", api.url() + "/issues", "--page", "link", "--retry", "0");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.lines()).isEqualTo(ISSUES.subList(0, 100));
            assertThat(ran.err()).startsWith("headrace: GET " + api.url()).hasLineCount(1);
        }
    }

    @Test
    void asksForNoFurtherPageWhileStandardOutputStandsStill() throws Exception {
        List<String> wide = ISSUES.stream()
                .map(issue -> issue.replace("}", ",\"body\":\"" + "x".repeat(2_000) + "\"}"))
                .toList();
        SlowPipe pipe = SlowPipe.stuckAfter(1);

        try (TestServer api = FakeApi.linkHeader(wide).pageSize(10).start()) {
            Thread run = new Thread(() -> Ran.into(pipe, "", "records", api.url() + "/issues", "--page", "link"));
            run.start();
            api.awaitRequests(1, Duration.ofSeconds(10));

            // Two buffers of 64 KiB hold less than seven pages of 20 KB.
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .until(() -> api.requests().size() <= 8);
            pipe.leave();
            run.join(10_000);
            assertThat(run.isAlive()).isFalse();
        }
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() {
        SlowPipe pipe = SlowPipe.closedAfter(1);

        try (TestServer api = FakeApi.linkHeader(FakeApi.issues(20_000)).start()) {
            Ran ran = Ran.into(pipe, "", "records", api.url() + "/issues", "--page", "link");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(api.requests()).hasSizeLessThan(20);
            api.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }
}
