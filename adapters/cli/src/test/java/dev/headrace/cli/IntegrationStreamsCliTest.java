package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.Json;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The command that an integration is: its streams. */
class IntegrationStreamsCliTest {

    @TempDir
    private Path directory;

    private String config = "";

    @BeforeEach
    void writeConfig() throws IOException {
        config = Files.writeString(
                        directory.resolve("config.json"), "{\"auth\":" + Acme.AUTH + ",\"settings\":{\"max_items\":7}}")
                .toString();
    }

    private static Stream<Integer> numbers(Ran ran) {
        return ran.lines().stream()
                .map(Json::tree)
                .filter(line -> line.path("type").asString("").equals("record"))
                .map(line -> line.at("/data/number").intValue());
    }

    @Test
    void readsRecordsAndGoesOnFromTheStateOfTheRunBefore() {
        FakeRepositories api = FakeRepositories.of(1, 25);
        try (TestServer server = api.start()) {
            Integration acme = Acme.at(server.url());
            String state = directory.resolve("state.json").toString();

            Ran cut = Ran.of(acme, "", "read", "issues", "--config", config, "--state", state, "--take", "12");
            Ran rest = Ran.of(acme, "", "read", "--stream", "issues", "--config", config, "--state", state);

            assertThat(cut.err()).isEmpty();
            assertThat(cut.exitCode()).isZero();
            assertThat(numbers(cut)).hasSize(12);
            assertThat(numbers(rest))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(11, 25).boxed().toList());

            api.touch("o", "r1", 7, Instant.parse("2025-01-01T00:00:00Z"));
            assertThat(numbers(Ran.of(acme, "", "read", "--config", config, "--state", state)))
                    .containsExactly(7);
            assertThat(numbers(Ran.of(acme, "", "read", "--config", config, "--full-refresh")))
                    .hasSize(25);
        }
    }

    @Test
    void takesTheConfigurationFromTheEnvironment() {
        try (TestServer server = FakeRepositories.of(1, 1).start()) {
            Ran ran = Ran.of(Acme.at(server.url()), "", "read", "--config-env", "HEADRACE_TEST_CONFIG", "-v");

            assertThat(ran.exitCode()).isZero();
            assertThat(numbers(ran)).hasSize(1);
            assertThat(ran.err()).contains("> GET " + server.url()).doesNotContain(Acme.SECRET);
        }
    }

    @Test
    void saysWhetherAllCanBeRead() {
        try (TestServer up = FakeRepositories.of(1, 1).start();
                TestServer closed = Route.fixed(403, "text/plain", "no").start()) {
            Ran available = Ran.of(Acme.at(up.url()), "", "check", "--config", config);
            assertThat(available.exitCode()).isZero();
            assertThat(available.out()).isEqualTo("{\"available\":true,\"reason\":null,\"status_code\":null}\n");

            Ran refused = Ran.of(Acme.at(closed.url()), "", "check", "--config", config);
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.lines()).hasSize(1);
            JsonNode verdict = Json.tree(refused.out());
            assertThat(verdict.path("available").booleanValue()).isFalse();
            assertThat(verdict.path("status_code").intValue()).isEqualTo(403);
        }
    }

    @Test
    void saysWhatStreamsThereAreAndSendsNothing() {
        try (TestServer server = FakeRepositories.of(1, 1).start()) {
            Ran ran = Ran.of(Acme.at(server.url()), "", "discover", "--config", config);

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out())
                    .isEqualTo(
                            "{\"name\":\"issues\",\"namespace\":null,\"key\":[\"/number\"],\"cursor\":\"/updated_at\","
                                    + "\"sync_modes\":[\"full_refresh\",\"incremental\"],\"schema\":null}\n");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void isASourceOfTheAirbyteProtocolToo() {
        try (TestServer server = FakeRepositories.of(1, 1).start()) {
            Ran ran = Ran.of(Acme.at(server.url()), "", "airbyte", "check", "--config", config, "-v");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out()).contains("CONNECTION_STATUS", "SUCCEEDED");
            assertThat(ran.err()).contains("> GET " + server.url()).doesNotContain(Acme.SECRET);
        }
    }

    @Test
    void tellsOfFailuresWhatTheIntegrationSaysOfThem() {
        try (TestServer server = Route.fixed(423, "text/plain", "no").start();
                Connector api = Connector.builder(server.url()).build()) {
            Integration acme = Acme.builder(api)
                    .onError(
                            HttpStatusException.class,
                            (failure, error) -> Mono.just(error.message("somebody has locked the tracker")))
                    .build();

            refused(acme, 1, "somebody has locked the tracker", "read", "--config", config);
        }
    }

    @Test
    void refusesWhatCannotBeReadInOneLine() throws IOException {
        Integration acme = Acme.at("http://localhost:1");
        String wrong = Files.writeString(directory.resolve("wrong.json"), "{\"settings\":{\"max_items\":\"many\"}}")
                .toString();
        String broken = Files.writeString(directory.resolve("broken.json"), "{\"auth\":")
                .toString();

        refused(acme, 3, "max_items", "read", "--config", wrong);
        refused(acme, 3, "max_items", "check", "--config", wrong);
        refused(acme, 3, "is no JSON", "read", "--config", broken);
        refused(acme, 5, "check --config", "read", "--config", directory + "/none");
        refused(acme, 2, "--config and --config-env", "read", "--config", config, "--config-env", "X");
        refused(acme, 2, "--take must not be negative", "read", "--take", "-1");
        refused(acme, 3, "others", "read", "others", "--config", config);
    }

    private static void refused(Integration acme, int exitCode, String problem, String... args) {
        Ran ran = Ran.of(acme, "", args);

        assertThat(ran.err()).startsWith("acme: ").contains(problem).hasLineCount(1);
        assertThat(ran.exitCode()).isEqualTo(exitCode);
        assertThat(ran.out()).isEmpty();
    }
}
