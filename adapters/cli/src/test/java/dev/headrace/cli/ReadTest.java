package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code headrace read} and {@code headrace validate}. */
class ReadTest {

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
