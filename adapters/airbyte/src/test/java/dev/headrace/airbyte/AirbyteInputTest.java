package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.all;
import static dev.headrace.airbyte.Trees.catalog;
import static dev.headrace.airbyte.Trees.json;
import static dev.headrace.airbyte.Trees.records;
import static dev.headrace.airbyte.Trees.shape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.JsonSchema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Configurations, configured catalogs and states that cannot be: nothing is read. */
class AirbyteInputTest {

    private final NumberStream numbers = new NumberStream("numbers", 2, 1);

    private void refused(JsonNode config, JsonNode catalog, @Nullable JsonNode state, String... why) {
        AirbyteSource source = AirbyteSource.of(Numbers.builder(numbers)
                .config(JsonSchema.of(json("{'properties':{'token':{'type':'string'}}}")))
                .build());
        StepVerifier.create(source.read(config, catalog, state))
                .assertNext(message -> {
                    assertThat(shape(message)).isEqualTo("ERROR");
                    JsonNode error = message.at("/trace/error");
                    assertThat(error.path("message").stringValue()).contains(why);
                    assertThat(error.path("failure_type").stringValue()).isEqualTo("config_error");
                    assertThat(error.has("stream_descriptor")).isFalse();
                })
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                HeadraceException.class,
                                known -> assertThat(known.kind()).isEqualTo(FailureKind.CONFIGURATION)))
                .verify(Duration.ofSeconds(10));
        assertThat(numbers.produced()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | a list 'streams'",
                "{} | a list 'streams'",
                "{'streams':{}} | a list 'streams'",
                "{'streams':[1]} | /streams/0/stream/name",
                "{'streams':[{'stream':{'name':7},'sync_mode':'incremental'}]} | /streams/0/stream/name",
                "{'streams':[{'stream':{'name':'numbers'}}]} | has no sync_mode for stream 'numbers'",
                "{'streams':[{'stream':{'name':'numbers'},'sync_mode':'cdc'}]} | 'cdc' for stream 'numbers'",
                "{'streams':[{'stream':{'name':'numbers'},'sync_mode':'INCREMENTAL'}]} | full_refresh or incremental",
            })
    void refusesCatalogsThatAreNone(String catalog, String why) {
        refused(json("{}"), json(catalog), null, "The configured catalog", why);
    }

    @Test
    void refusesACatalogThatNamesAStreamTwice() {
        refused(json("{}"), catalog("numbers:incremental", "numbers:full_refresh"), null, "stream 'numbers' twice");
        refused(
                json("{}"),
                json("{'streams':[{'stream':{'name':'numbers','namespace':'a'},'sync_mode':'incremental'},"
                        + "{'stream':{'name':'numbers','namespace':'b'},'sync_mode':'incremental'}]}"),
                null,
                "stream 'numbers' twice");
    }

    @Test
    void refusesAConfigurationThatDoesNotFitOnceForAllStreams() {
        refused(json("{'token':7}"), catalog("numbers:incremental"), null, "The configuration of source 'numbers'");
        refused(json("'token'"), catalog("numbers:incremental"), null, "must be a JSON object");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'numbers':{'at':1}} | must be a list",
                "'numbers' | must be a list",
                "[7] | type LEGACY at /0",
                "[{'type':'LEGACY','data':{'at':1}}] | type LEGACY at /0",
                "[{'data':{'at':1}}] | type LEGACY at /0",
                "[{'type':'GLOBAL','global':{'stream_states':[]}}] | type GLOBAL at /0",
                "[{'type':'STATE','state':{'type':'GLOBAL'}}] | type GLOBAL at /0",
                "[{'type':'STATE','state':{'data':{}}}] | type LEGACY at /0",
                "[{'type':'STREAM'}] | which stream",
                "[{'type':'STREAM','stream':{'stream_descriptor':{'name':''}}}] | at /0 which stream",
            })
    void refusesStatesThatAreNotOfStreams(String state, String why) {
        refused(json("{}"), catalog("numbers:incremental"), json(state), "The state", why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[]",
                "[{'type':'STREAM','stream':{'stream_descriptor':{'name':'numbers'},'stream_state':null}}]",
                "[{'type':'STREAM','stream':{'stream_descriptor':{'name':'numbers'}}}]",
            })
    void beginsAnewWithoutAState(String state) {
        assertThat(records(
                        all(Numbers.source(numbers).read(json("{}"), catalog("numbers:incremental"), json(state))),
                        "numbers"))
                .hasSize(2);
    }
}
