package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** {@code headrace read} and {@code headrace validate}. */
class ReadTest {

    private static final int SLICES = 40;

    @TempDir
    private Path directory;

    private Path spec(String url) throws IOException {
        return Files.writeString(directory.resolve("issues.yaml"), """
            headrace: 1
            name: hub
            config:
              type: object
              additionalProperties: false
              properties: {repo: {type: string}}
            connector:
              base_url: %s
              auth: {bearer: "${secret:HEADRACE_TEST_SECRET}"}
              retry: {max_retries: 0}
            streams:
              repositories:
                request: {path: /user/repos, query: {per_page: 2}}
                pagination: link
                key: /full_name
              issues:
                request:
                  path: "/repos/o/{{ default(config.repo, 'r1') }}/issues"
                  query: {sort: updated, per_page: 10}
                pagination: link
                key: /number
                cursor:
                  datetime: /updated_at
                  starting_at: 2024-01-01T00:00:00Z
                  into: {query: since}
            """.formatted(url));
    }

    private static Stream<JsonNode> lines(Ran ran, String type) {
        return ran.lines().stream()
                .map(Json::tree)
                .filter(line -> line.path("type").stringValue("").equals(type));
    }

    @Test
    void writesRecordsCheckpointsAndNoticesOneOnALine() throws IOException {
        try (TestServer server = FakeRepositories.of(3, 25).start()) {
            Ran ran = Ran.headrace("read", spec(server.url()).toString());

            assertThat(ran.err()).isEmpty();
            assertThat(ran.exitCode()).isZero();
            assertThat(lines(ran, "record")).hasSize(3 + 25);
            assertThat(lines(ran, "record").map(line -> line.path("stream").stringValue("")))
                    .startsWith("repositories")
                    .endsWith("issues");
            assertThat(lines(ran, "checkpoint")
                            .reduce((one, next) -> next)
                            .orElseThrow()
                            .at("/state/streams/issues"))
                    .hasSizeGreaterThan(1);
            assertThat(server.requests().get(0).header("Authorization")).hasValue("Bearer s3cr3t-value");
            assertThat(ran.out()).doesNotContain("s3cr3t");
        }
    }

    @Test
    void readsOnlyTheStreamsThatAreNamedByTheirConfiguration() throws IOException {
        try (TestServer server = FakeRepositories.of(3, 25).start()) {
            Path config = Files.writeString(directory.resolve("config.json"), "{\"repo\":\"r3\"}");

            Ran ran = Ran.headrace("read", spec(server.url()).toString(), "issues", "--config", config.toString());

            assertThat(lines(ran, "record")).hasSize(25);
            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .allMatch(uri -> uri.startsWith("/repos/o/r3/"));
            assertThat(Ran.headrace("read", spec(server.url()).toString(), "--stream", "others")
                            .exitCode())
                    .isEqualTo(3);
        }
    }

    @Test
    void goesOnFromTheStateOfTheLastCheckpointWritten() throws IOException {
        FakeRepositories api = FakeRepositories.of(1, 25);
        try (TestServer server = api.start()) {
            String file = spec(server.url()).toString();
            String state = directory.resolve("state.json").toString();

            Ran cut = Ran.headrace("read", file, "issues", "--state", state, "--take", "12");
            Ran rest = Ran.headrace("read", file, "issues", "--state", state);

            assertThat(lines(cut, "record")).hasSize(12);
            // The page that was being read comes again, and no other.
            assertThat(lines(rest, "record").map(line -> line.at("/data/number").intValue()))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(11, 25).boxed().toList());

            api.touch("o", "r1", 7, Instant.parse("2025-01-01T00:00:00Z"));
            Ran next = Ran.headrace("read", file, "issues", "--state", state);
            assertThat(lines(next, "record").map(line -> line.at("/data/number").intValue()))
                    .containsExactly(7);

            Ran all = Ran.headrace("read", file, "issues", "--full-refresh");
            assertThat(lines(all, "record")).hasSize(25);
            Ran both = Ran.headrace("read", file, "--full-refresh", "--state", state);
            assertThat(lines(both, "record")).hasSize(1 + 25);
        }
    }

    @Test
    void keepsTheStateOfACheckpointThatFollowsTheLastRecordTaken() throws IOException {
        try (TestServer server = FakeRepositories.of(1, 25).start()) {
            String state = directory.resolve("state.json").toString();

            Ran ran = Ran.headrace("read", spec(server.url()).toString(), "issues", "--state", state, "--take", "10");

            assertThat(lines(ran, "record")).hasSize(10);
            assertThat(lines(ran, "checkpoint")).hasSize(1);
            assertThat(server.requests()).hasSize(1);
            assertThat(Path.of(state)).exists();
        }
    }

    /** Slices with so long names that a checkpoint with more than eight of them is long. */
    private Path longCheckpoints(String url) throws IOException {
        String slices = IntStream.rangeClosed(1, SLICES)
                .mapToObj(n -> "{n: " + n + ", name: " + "x".repeat(2_000) + "}")
                .collect(Collectors.joining(", "));
        return Files.writeString(directory.resolve("sliced.yaml"), """
            headrace: 1
            name: sliced
            connector: {base_url: %s, retry: {max_retries: 0}}
            streams:
              parts: {request: "/parts/{n}", slices: {list: [%s]}}
            """.formatted(url, slices));
    }

    /** A record for each slice; one slice is answered in another way. */
    private static TestServer parts(int other, Route answer) {
        Route part = Route.fixed(200, "application/json", "[{}]");
        return TestServer.builder()
                .route(
                        "/**",
                        (request, response) ->
                                (request.uri().equals("/parts/" + other) ? answer : part).handle(request, response))
                .start();
    }

    private static JsonNode lastLine(String out) {
        return out.lines().reduce((one, next) -> next).map(Json::tree).orElseThrow();
    }

    private static JsonNode slices(JsonNode checkpoint) {
        return checkpoint.at("/state/streams/parts/slices");
    }

    @Test
    void holdsLongCheckpointsBackButNotTheLast() throws IOException {
        try (TestServer server = parts(0, Route.fixed(404, "text/plain", ""))) {
            Path state = directory.resolve("state.json");

            Ran ran = Ran.headrace("read", longCheckpoints(server.url()).toString(), "--state", state.toString());

            assertThat(lines(ran, "record")).hasSize(SLICES);
            // There is one behind each slice, and one at the end.
            assertThat(lines(ran, "checkpoint")).hasSizeBetween(9, SLICES - 1);
            assertThat(lastLine(ran.out()).path("type").stringValue("")).isEqualTo("checkpoint");
            assertThat(slices(lastLine(ran.out())).isMissingNode()).isTrue();
            assertThat(Json.tree(Files.readString(state)))
                    .isEqualTo(lastLine(ran.out()).path("state"));
        }
    }

    @Test
    void goesOnBehindTheLastCheckpointOfAFailedRunThoughItWasHeldBack() throws IOException {
        String state = directory.resolve("state.json").toString();
        try (TestServer server = parts(31, Route.fixed(404, "text/plain", ""))) {
            Ran failed = Ran.headrace("read", longCheckpoints(server.url()).toString(), "--state", state);

            assertThat(failed.exitCode()).isNotZero();
            assertThat(failed.err()).contains("404");
            assertThat(lines(failed, "record")).hasSize(30);
            assertThat(slices(lastLine(failed.out()))).hasSize(30);
        }
        try (TestServer server = parts(0, Route.fixed(404, "text/plain", ""))) {
            Ran rest = Ran.headrace("read", longCheckpoints(server.url()).toString(), "--state", state);

            assertThat(rest.exitCode()).isZero();
            assertThat(server.requests()).hasSize(SLICES - 30);
        }
    }

    @Test
    void writesTheLastCheckpointWhenItIsInterrupted() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Interruption interruption = new Interruption();
        Shell shell = new Shell(
                InputStream.nullInputStream(),
                new Stdout(out),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                interruption);
        try (TestServer server = parts(31, (request, response) -> Mono.never())) {
            String[] command = {"read", longCheckpoints(server.url()).toString()};
            CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> HeadraceCli.run(command, shell));
            // It is asked for behind the checkpoint of the slice before.
            Awaitility.await().until(() -> !server.requests("/parts/31").isEmpty());
            interruption.interrupt();
            assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(130);
        }

        String written = out.toString(StandardCharsets.UTF_8);
        assertThat(written.lines().filter(line -> line.contains("\"record\""))).hasSize(30);
        assertThat(slices(lastLine(written))).hasSize(30);
    }

    @Test
    void anotherSpecsStateIsRefused() throws IOException {
        Path state = Files.writeString(
                directory.resolve("state.json"), "{\"version\":1,\"source\":\"other\",\"streams\":{}}");

        Ran ran = Ran.headrace("read", spec("http://localhost:1").toString(), "--state", state.toString());

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("source 'other'").hasLineCount(1);
    }

    @Test
    void adviceNamesKeysOfTheSpec() throws IOException {
        try (TestServer server = FakeRepositories.of(1, 25).start()) {
            Path spec = Files.writeString(directory.resolve("few.yaml"), """
                    headrace: 1
                    name: hub
                    connector: {base_url: %s}
                    streams:
                      issues: {request: {path: /repos/o/r1/issues, query: {per_page: 10}}, pagination: link, paging: {max_pages: 1}}
                    """.formatted(server.url()));
            Ran ran = Ran.headrace("read", spec.toString());

            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.err()).contains("paging.max_pages").doesNotContain("--");
        }
    }

    @Test
    void saysWhatIsWrongWithASpecAndWhere() throws IOException {
        Path spec = Files.writeString(directory.resolve("wrong.yaml"), """
            headrace: 1
            name: hub
            connector: {base_url: https://api.example.com}
            streams:
              issues:
                request: {path: /issues}
                pagnation: link
                concurrency: none
            """);

        Ran validated = Ran.headrace("validate", spec.toString());

        assertThat(validated.exitCode()).isEqualTo(3);
        List<JsonNode> problems = validated.lines().stream().map(Json::tree).toList();
        assertThat(problems)
                .extracting(problem -> problem.path("line").intValue())
                .containsExactly(7, 8);
        assertThat(problems.get(0).path("message").stringValue("")).contains("pagination");
        assertThat(validated.err())
                .startsWith("headrace: ")
                .contains("2 problems", "line 7")
                .hasLineCount(1);

        Ran read = Ran.headrace("read", spec.toString());
        assertThat(read.exitCode()).isEqualTo(3);
        assertThat(read.err()).contains("wrong.yaml", "7:").hasLineCount(1);
    }

    @Test
    void aSpecThatIsRightIsValidWithoutItsSecrets() throws IOException {
        Ran ran = Ran.headrace("validate", spec("https://api.example.com").toString());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.lines()).containsExactly("{\"valid\":true}");
    }

    @Test
    void aFileThatIsNotThereIsAClearError() {
        Ran ran = Ran.headrace("validate", directory.resolve("none.yaml").toString());

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("none.yaml does not exist").hasLineCount(1);
    }

    @Test
    void showsWhatGoesOverTheWireWithoutSecrets() throws IOException {
        try (TestServer server = FakeRepositories.of(1, 1).start()) {
            Ran ran = Ran.headrace("read", spec(server.url()).toString(), "-v");

            assertThat(ran.err()).contains("GET").doesNotContain("s3cr3t");
        }
    }
}
