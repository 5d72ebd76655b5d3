package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.all;
import static dev.headrace.airbyte.Trees.json;
import static dev.headrace.airbyte.Trees.shapes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.JsonSchema;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** {@code CATALOG}: what streams there are. */
class AirbyteDiscoverTest {

    private static final JsonNode CONFIG = json("{}");
    private static final Endpoint<JsonNode> ENDPOINT = Endpoint.get("/x").items(JsonNode.class);

    @Test
    void saysAllThatIsKnownOfAStream() {
        RecordStream<JsonNode> issues = RecordStream.of("issues", ENDPOINT)
                .namespace("github")
                .key("/repository/id", "/a~1b")
                .cursor(Cursor.datetime("/meta/updated_at")
                        .startingAt(Instant.EPOCH)
                        .intoQuery("since"))
                .schema(JsonSchema.of(json("{'type':'object','properties':{'a/b':{'type':'integer'}}}")));
        RecordStream<JsonNode> plain = RecordStream.of("plain", ENDPOINT);
        Source source = Source.builder("github")
                .connector(config -> Connector.builder("http://localhost:1").build())
                .stream(issues)
                .stream(plain)
                .build();

        assertThat(all(AirbyteSource.of(source).discover(CONFIG))).containsExactly(json("""
                {'type':'CATALOG','catalog':{'streams':[
                  {'name':'issues','namespace':'github',
                   'json_schema':{'type':'object','properties':{'a/b':{'type':'integer'}}},
                   'supported_sync_modes':['full_refresh','incremental'],
                   'source_defined_cursor':true,'default_cursor_field':['meta','updated_at'],
                   'source_defined_primary_key':[['repository','id'],['a/b']],'is_resumable':true},
                  {'name':'plain','json_schema':{'type':'object','additionalProperties':true},
                   'supported_sync_modes':['full_refresh'],'source_defined_cursor':true,'is_resumable':true}]}}"""));
    }

    @Test
    void endsWithAnErrorMessageAndTheFailureIfThatFails() {
        HeadraceException failure = new HeadraceException(FailureKind.TRANSIENT, "It is busy", null);
        StepVerifier.create(Numbers.source(new NumberStream("numbers", 1, 1).failing(failure))
                        .discover(CONFIG))
                .assertNext(message -> assertThat(message.at("/trace/error"))
                        .isEqualTo(json("{'message':'It is busy','failure_type':'transient_error',"
                                + "'internal_message':'dev.headrace.error.HeadraceException of kind TRANSIENT'}")))
                .expectErrorMatches(failure::equals)
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void refusesAConfigurationThatDoesNotFit() {
        Source source = Numbers.builder(new NumberStream("numbers", 1, 1))
                .config(JsonSchema.of(json("{'required':['token']}")))
                .build();

        List<JsonNode> messages = all(AirbyteSource.of(source).discover(CONFIG));

        assertThat(shapes(messages)).containsExactly("ERROR");
        assertThat(messages.get(0).at("/trace/error/failure_type").stringValue())
                .isEqualTo("config_error");
    }
}
