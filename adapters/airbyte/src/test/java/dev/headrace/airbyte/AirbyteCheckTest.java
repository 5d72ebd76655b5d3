package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.all;
import static dev.headrace.airbyte.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.JsonSchema;
import dev.headrace.stream.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** {@code CONNECTION_STATUS}: whether every stream can be read. */
class AirbyteCheckTest {

    private static final JsonNode CONFIG = json("{}");

    private static String failed(AirbyteSource source, JsonNode config) {
        // It completes: that it failed is an answer.
        JsonNode message = source.check(config)
                .single()
                .blockOptional(Duration.ofSeconds(10))
                .orElseThrow();
        assertThat(message.path("type").stringValue()).isEqualTo("CONNECTION_STATUS");
        assertThat(message.at("/connectionStatus/status").stringValue()).isEqualTo("FAILED");
        return message.at("/connectionStatus/message").stringValue();
    }

    private static String failed(RuntimeException failure) {
        return failed(Numbers.source(new NumberStream("numbers", 1, 1).failing(failure)), CONFIG);
    }

    @Test
    void succeedsIfEveryStreamCanBeRead() {
        assertThat(all(Numbers.source(new NumberStream("numbers", 1, 1)).check(CONFIG)))
                .containsExactly(json("{'type':'CONNECTION_STATUS','connectionStatus':{'status':'SUCCEEDED'}}"));
    }

    @Test
    void failsWithTheMessageOfTheFailure() {
        assertThat(all(Numbers.source(new NumberStream("numbers", 1, 1)
                                .failing(new HeadraceException(FailureKind.PERMANENT, "It is gone", null)))
                        .check(CONFIG)))
                .containsExactly(json(
                        "{'type':'CONNECTION_STATUS','connectionStatus':{'status':'FAILED','message':'It is gone'}}"));
    }

    @Test
    void saysOfAFailureThatMayPassThatItMay() {
        assertThat(failed(new HeadraceException(FailureKind.TRANSIENT, "It is busy", null)))
                .isEqualTo("It is busy; this may pass by itself, so check again later");
    }

    @Test
    void namesOnlyTheClassOfOtherFailures() {
        assertThat(failed(new IllegalStateException("password s3cr3t")))
                .contains("IllegalStateException")
                .doesNotContain("s3cr3t");
        assertThat(failed(new IllegalArgumentException("password s3cr3t")))
                .contains("configuration", "IllegalArgumentException")
                .doesNotContain("s3cr3t");
    }

    @Test
    void failsIfTheConfigurationIsWrong() {
        AirbyteSource source = AirbyteSource.of(Source.builder("numbers")
                .config(JsonSchema.of(json("{'required':['token'],'properties':{'url':{'type':'integer'}}}")))
                .connector(config -> {
                    throw new AssertionError("There is nothing to connect to");
                })
                .streams(config -> List.of(new NumberStream("numbers", 1, 1)))
                .build());

        assertThat(failed(source, json("{'url':'s3cr3t'}")))
                .contains("The configuration of source 'numbers'", "token", "url")
                .doesNotContain("s3cr3t");
        assertThat(failed(source, json("['token']"))).contains("must be a JSON object");
    }

    @Test
    void failsIfNoConnectorCanBeMade() {
        AirbyteSource source = AirbyteSource.of(Source.builder("numbers")
                .connector(config -> Connector.builder("no url: s3cr3t").build())
                .streams(config -> List.of(new NumberStream("numbers", 1, 1)))
                .build());

        assertThat(failed(source, CONFIG)).contains("configuration").doesNotContain("s3cr3t");
    }

    @Test
    void givesUpWhenTheReaderLeaves() {
        StepVerifier.create(Numbers.source(new NumberStream("numbers", 1, 1)).check(CONFIG), 0)
                .expectSubscription()
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        assertThat(Mono.from(Numbers.source().check(CONFIG)).block(Duration.ofSeconds(10)))
                .isNotNull();
    }
}
