package dev.headrace.connector;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.http.Request;
import dev.headrace.json.DecodingException;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Rows L4, L32, L53 to L56, L59, K10: endpoints with a name, parameters, headers and a place for their items. */
class EndpointTest {

    private static final Duration SOON = ofSeconds(30);

    record Issue(int id) {}

    @Test
    void areFoundByTheirName() {
        try (RawServer server = RawServer.script(request -> Reply.ok("{\"data\":{\"items\":[{\"id\":1},{\"id\":2}]}}"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .endpoint(
                                "issues",
                                Endpoint.get("/repos/{owner}/issues")
                                        .query("state", "open")
                                        .header("X-Endpoint", "1")
                                        .at("/data/items"))
                        .build()) {
            StepVerifier.create(connector.records(connector
                            .endpoint("issues")
                            .with("owner", "reactor")
                            .items(Issue.class)))
                    .expectNext(new Issue(1), new Issue(2))
                    .verifyComplete();

            RecordedRequest seen = server.requests().get(0);
            assertThat(seen.uri()).isEqualTo("/repos/reactor/issues?state=open");
            assertThat(seen.header("X-Endpoint")).contains("1");
            assertThat(connector.settings().endpoints()).containsExactly("issues");
        }
    }

    @Test
    void sayWhichNamesThereAre() {
        try (Connector connector = Connector.builder("http://api.test")
                .endpoint("issues", Endpoint.get("/issues"))
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connector.endpoint("isues"))
                    .withMessageContaining("'isues'")
                    .withMessageContaining("issues");
        }
    }

    @Test
    void letTheCallsParametersWin() {
        Endpoint<JsonNode> endpoint =
                Endpoint.get("/issues").query("state", "open").query("page", 1);

        assertThat(endpoint.replaceQuery("state", "all").request().uri()).hasToString("/issues?page=1&state=all");
    }

    @Test
    void giveTheirOneItem() {
        try (RawServer server = RawServer.replies(
                                Reply.ok("{\"data\":{\"id\":7}}"),
                                Reply.ok("{\"data\":[]}"),
                                Reply.ok("{\"data\":[1,2]}"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> one = Endpoint.get("/one").at("/data");

            assertThat(connector.fetch(one.items(Issue.class)).block(SOON)).isEqualTo(new Issue(7));
            assertThat(connector.fetch(one).blockOptional(SOON)).isEmpty();
            assertThatThrownBy(() -> connector.fetch(one).block(SOON))
                    .isInstanceOf(DecodingException.class)
                    .hasMessageContaining("more than one item");
        }
    }

    @Test
    void sendABody() {
        try (RawServer server = RawServer.script(request -> Reply.ok("[]")).start();
                Connector connector = Connector.builder(server.url()).build()) {
            connector
                    .records(Endpoint.of(Request.post("/search").json(java.util.Map.of("q", "x"))))
                    .blockLast(SOON);

            assertThat(server.requests().get(0).body()).isEqualTo("{\"q\":\"x\"}");
        }
    }
}
