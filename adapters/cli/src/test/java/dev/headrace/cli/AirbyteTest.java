package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.spec.Spec;
import dev.headrace.stream.Source;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code headrace airbyte}: a spec as a source of the Airbyte protocol. */
class AirbyteTest {

    private static final String NOWHERE = "http://127.0.0.1:1";

    @TempDir
    private Path directory;

    private String spec(String url) throws IOException {
        return file("hub.yaml", """
            headrace: 1
            name: hub
            config:
              type: object
              additionalProperties: false
              required: [repo]
              properties: {repo: {type: string}, token: {type: string, writeOnly: true}}
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
                  path: "/repos/o/{{ config.repo }}/issues"
                  query: {sort: updated, per_page: 10}
                pagination: link
                key: /number
                cursor:
                  datetime: /updated_at
                  starting_at: 2024-01-01T00:00:00Z
                  into: {query: since}
            """.formatted(url));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private String config() throws IOException {
        return file("config.json", "{\"repo\":\"r1\",\"token\":\"t-0123456789\"}");
    }

    private String catalog(String... streams) throws IOException {
        return file("catalog.json", AirbyteMessages.catalog(List.of(streams)));
    }

    private static AirbyteMessages messages(Ran ran) {
        assertThat(ran.out()).doesNotContain("s3cr3t", "t-0123456789");
        return AirbyteMessages.in(ran.out());
    }

    /** A failure is a message, one line on standard error, and 1. */
    private static AirbyteMessages failed(Ran ran) {
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("headrace: ")
                .hasLineCount(1)
                .doesNotContain("s3cr3t", "t-0123456789", "Exception");
        AirbyteMessages messages = messages(ran);
        assertThat(messages.errors()).isNotEmpty();
        return messages;
    }

    @Test
    void saysWhatAConfigurationLooksLike() throws IOException {
        Ran ran = Ran.headrace("airbyte", spec(NOWHERE), "spec");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(messages(ran).all())
                .singleElement()
                .satisfies(spec -> assertThat(spec.at("/spec/connectionSpecification/properties"))
                        .isEqualTo(Json.tree("{\"repo\":{\"type\":\"string\"},"
                                + "\"token\":{\"type\":\"string\",\"writeOnly\":true,\"airbyte_secret\":true}}")));
    }

    @Test
    void checksWhetherEveryStreamCanBeRead() throws IOException { // A34
        try (TestServer server =
                FakeRepositories.of(2, 3).answering("o/r2", 403).start()) {
            Ran usable = Ran.headrace("airbyte", spec(server.url()), "check", "--config", config());
            assertThat(usable.exitCode()).isZero();
            assertThat(messages(usable).all())
                    .containsExactly(Json.tree(
                            "{\"type\":\"CONNECTION_STATUS\",\"connectionStatus\":{\"status\":\"SUCCEEDED\"}}"));

            failedCheck(server.url(), "{\"repo\":\"r2\"}", "status 403");
        }
    }

    @Test
    void thatACheckFailsIsAnAnswer() throws IOException {
        failedCheck(NOWHERE, "{\"repo\":\"r1\"}", "check again later");
        failedCheck(NOWHERE, "{\"repo\":7}", "/repo");
        failedCheck(NOWHERE, "{}", "repo");
        failedCheck(NOWHERE, "[]", "must be a JSON object");
    }

    private void failedCheck(String url, String config, String why) throws IOException {
        Ran ran = Ran.headrace("airbyte", spec(url), "check", "--config", file("c.json", config));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(messages(ran).all()).singleElement().satisfies(message -> {
            assertThat(message.at("/connectionStatus/status").stringValue("")).isEqualTo("FAILED");
            assertThat(message.at("/connectionStatus/message").stringValue("")).contains(why);
        });
    }

    @Test
    void saysWhatStreamsThereAre() throws IOException {
        Ran ran = Ran.headrace("airbyte", spec(NOWHERE), "discover", "--config", config());

        assertThat(ran.exitCode()).isZero();
        assertThat(messages(ran).all().get(0).at("/catalog/streams"))
                .extracting(stream -> stream.path("name").stringValue(""))
                .containsExactly("repositories", "issues");
    }

    @Test
    void readsAndGoesOnFromTheStatesOfTheReadingBefore() throws IOException { // A4, A6
        FakeRepositories api = FakeRepositories.of(3, 25);
        try (TestServer server = api.start()) {
            String[] command = {
                "airbyte",
                spec(server.url()),
                "read",
                "--config",
                config(),
                "--catalog",
                catalog("repositories:full_refresh", "issues:incremental")
            };
            Ran first = Ran.headrace(command);

            assertThat(first.exitCode()).isZero();
            assertThat(first.err()).isEmpty();
            AirbyteMessages messages = messages(first);
            assertThat(messages.records("repositories")).hasSize(3);
            assertThat(messages.committed("issues")).hasSize(25);
            assertThat(messages.statuses("issues")).containsExactly("STARTED", "RUNNING", "COMPLETE");

            api.touch("o", "r1", 7, Instant.parse("2025-01-01T00:00:00Z"));
            String state = file(
                    "state.json",
                    messages.states(JsonNodeFactory.instance.arrayNode()).toString());
            Ran second = Ran.and(command, "--state", state);

            assertThat(second.exitCode()).isZero();
            assertThat(messages(second).records("issues"))
                    .singleElement()
                    .satisfies(
                            issue -> assertThat(issue.path("number").intValue()).isEqualTo(7));
            assertThat(messages(second).records("repositories")).hasSize(3);
        }
    }

    @Test
    void aStreamThatFailsIsAMessageAndExitCodeOneAndTheOthersAreRead() throws IOException {
        try (TestServer server =
                FakeRepositories.of(3, 25).answering("o/r1", 500).start()) {
            Ran ran = Ran.headrace(
                    "airbyte",
                    spec(server.url()),
                    "read",
                    "--config",
                    config(),
                    "--catalog",
                    catalog("issues:incremental", "repositories:full_refresh"));

            AirbyteMessages messages = failed(ran);
            assertThat(messages.errors())
                    .singleElement()
                    .satisfies(error -> assertThat(
                                    error.at("/stream_descriptor/name").stringValue(""))
                            .isEqualTo("issues"));
            assertThat(messages.statuses("issues")).containsExactly("STARTED", "INCOMPLETE");
            assertThat(messages.statuses("repositories")).containsExactly("STARTED", "RUNNING", "COMPLETE");
        }
    }

    @Test
    void whatIsWrongBeforeReadingIsAMessageToo() throws IOException {
        String spec = spec(NOWHERE);
        String none = directory.resolve("none.json").toString();
        String broken = file("broken.json", "{\"token\":\"s3cr3t");
        String[] read = {"airbyte", spec, "read", "--config", config(), "--catalog", catalog("issues:incremental")};

        error(Ran.headrace("airbyte", none, "spec"), "config_error", "none.json does not exist");
        error(Ran.headrace("airbyte", file("w.yaml", "headrace: 1\nname: x\n"), "spec"), "config_error", "w.yaml");
        error(Ran.headrace("airbyte", spec, "check", "--config", none), "system_error", "check --config");
        error(Ran.headrace("airbyte", spec, "discover", "--config", broken), "config_error", "broken.json is no JSON");
        error(Ran.and(read, "--state", none), "system_error", "check --state");
        error(
                Ran.and(read, "--state", file("s.json", "[{\"type\":\"GLOBAL\"}]")),
                "config_error",
                "The state has one of type GLOBAL");
        read[6] = file("c.json", "{}");
        error(Ran.headrace(read), "config_error", "The configured catalog");
        read[4] = file("config.json", "{}");
        error(Ran.headrace(read), "config_error", "The configuration of source 'hub'");
    }

    private static void error(Ran ran, String type, String why) {
        assertThat(failed(ran).errors()).singleElement().satisfies(error -> {
            assertThat(error.path("failure_type").stringValue("")).isEqualTo(type);
            assertThat(error.path("message").stringValue("")).contains(why);
        });
    }

    @Test
    void wrongUsageIsNoMessage() throws IOException {
        String spec = spec(NOWHERE);
        for (String[] wrong : new String[][] {
            {"airbyte"},
            {"airbyte", spec},
            {"airbyte", spec, "write"},
            {"airbyte", spec, "check"},
            {"airbyte", spec, "read", "--config", config()},
            {"airbyte", spec, "spec", "--config", config()},
            {"airbyte", spec, "discover", "--config", config(), "--catalog", config()},
        }) {
            Ran ran = Ran.headrace(wrong);

            assertThat(ran.exitCode()).as("%s", List.of(wrong)).isEqualTo(2);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).startsWith("headrace: ").hasLineCount(1);
        }
    }

    @Test
    void nothingButMessagesIsWrittenThoughTheWireIsShown() throws IOException {
        try (TestServer server =
                FakeRepositories.of(3, 25).answering("o/r2", 500).start()) {
            String spec = spec(server.url());
            String catalog = catalog("issues:incremental", "repositories:full_refresh");
            Ran read = Ran.headrace("airbyte", spec, "read", "-v", "--config", config(), "--catalog", catalog);
            assertThat(read.exitCode()).isZero();
            assertThat(messages(read).records("issues")).hasSize(25);
            assertThat(read.err()).contains("> GET").doesNotContain("s3cr3t");

            String other = file("other.json", "{\"repo\":\"r2\"}");
            Ran failed = Ran.headrace("airbyte", spec, "read", "-v", "--config", other, "--catalog", catalog);
            assertThat(failed.exitCode()).isEqualTo(1);
            assertThat(messages(failed).errors()).hasSize(1);
            assertThat(failed.err()).contains("\tat dev.headrace.").doesNotContain("s3cr3t");
            assertThat(messages(Ran.headrace("airbyte", spec, "check", "-v", "--config", config()))
                            .types())
                    .containsExactly("CONNECTION_STATUS");
        }
    }

    @Test
    void runsASourceThatIsThereAlready() throws IOException {
        Source source = Spec.load(Path.of(spec(NOWHERE))).source();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Shell shell = new Shell(InputStream.nullInputStream(), new Stdout(out), System.err, new Interruption());

        int exitCode = AirbyteCommand.of(shell, host -> source).execute("discover", "--config", config());

        assertThat(exitCode).isZero();
        assertThat(AirbyteMessages.in(out.toString(StandardCharsets.UTF_8)).types())
                .containsExactly("CATALOG");
    }
}
