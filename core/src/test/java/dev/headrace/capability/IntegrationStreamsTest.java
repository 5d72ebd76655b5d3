package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamRecord;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** The record streams of an integration. */
class IntegrationStreamsTest {

    record Settings(String plan) {}

    private static final RecordStream<JsonNode> USERS = RecordStream.of(
            "users", Endpoint.get("/users").paginate(Pagination.linkHeader()).items(JsonNode.class));

    private static Integration acme(Connector api) {
        return Integration.builder("acme")
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .connector(context -> context.connector(api))
                .stream(USERS)
                .build();
    }

    private static final String CONFIG =
            "{\"auth\":{\"username\":\"ada\",\"password\":\"pass-word\"},\"settings\":{\"plan\":\"x\"}}";

    @Test
    void readsThemWithTheCredentialsOfTheConfiguration() {
        List<String> users =
                IntStream.range(0, 25).mapToObj(i -> "{\"id\":" + i + "}").toList();
        try (TestServer server = FakeApi.linkHeader("/users", users).start();
                Connector api = Connector.builder(server.url()).build()) {
            Source source = acme(api).source().orElseThrow();

            List<?> records = source.read(Json.tree(CONFIG), null)
                    .filter(StreamRecord.class::isInstance)
                    .collectList()
                    .block();

            assertThat(records).hasSize(25);
            assertThat(server.requests())
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).isPresent());
            // Closing what one reading used closes nothing of what all share.
            assertThat(source.read(Json.tree(CONFIG), null).count().block()).isGreaterThan(25);
        }
    }

    @Test
    void refusesAConfigurationThatLacksSomethingBeforeAnythingIsSent() {
        try (TestServer server = FakeApi.linkHeader("/users", List.of()).start();
                Connector api = Connector.builder(server.url()).build()) {
            Source source = acme(api).source().orElseThrow();

            for (String config : List.of(
                    "{}",
                    "{\"auth\":{\"username\":\"ada\"}}",
                    "{\"auth\":7,\"settings\":{}}",
                    CONFIG.replace("\"x\"", "7"))) {
                StepVerifier.create(source.read(Json.tree(config), null))
                        .verifyErrorSatisfies(failure -> assertThat(failure)
                                .isInstanceOfSatisfying(
                                        HeadraceException.class,
                                        known -> assertThat(known.kind()).isEqualTo(FailureKind.CONFIGURATION)));
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void isMadeOfASourceAsWell() {
        Source source =
                Source.builder("My GitHub!")
                        .connector(config ->
                                Connector.builder("http://127.0.0.1:1").build())
                        .stream(USERS)
                        .build();

        Integration integration = Integration.of(source);

        assertThat(integration.id()).isEqualTo("my-github");
        assertThat(integration.source()).containsSame(source);
        assertThat(integration.info().at("/source/name").stringValue()).isEqualTo("My GitHub!");
    }
}
