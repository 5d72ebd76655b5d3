package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.all;
import static dev.headrace.airbyte.Trees.catalog;
import static dev.headrace.airbyte.Trees.json;
import static dev.headrace.airbyte.Trees.shapes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.stream.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** {@code RECORD}, {@code STATE}, {@code TRACE} and {@code LOG}: what reading gives. */
class AirbyteReadTest {

    private static final JsonNode CONFIG = json("{}");

    private static List<JsonNode> read(JsonNode catalog, NumberStream... streams) {
        return all(Numbers.source(streams).read(CONFIG, catalog, null));
    }

    @Test
    void readsAStreamWithItsStatusBeforeAndBehindIt() {
        StepVerifier.withVirtualTime(
                        () -> Numbers.source(new NumberStream("numbers", 3, 2).delaying(Duration.ofSeconds(1)))
                                .read(CONFIG, catalog("numbers:incremental"), null)
                                // As they are written: numbers are of one kind then.
                                .map(message -> Json.tree(message.toString())))
                .expectNext(json("{'type':'TRACE','trace':{'type':'STREAM_STATUS','emitted_at':0,"
                        + "'stream_status':{'stream_descriptor':{'name':'numbers'},'status':'STARTED'}}}"))
                .expectNoEvent(Duration.ofSeconds(1))
                .expectNext(json("{'type':'TRACE','trace':{'type':'STREAM_STATUS','emitted_at':1000,"
                        + "'stream_status':{'stream_descriptor':{'name':'numbers'},'status':'RUNNING'}}}"))
                .expectNext(json("{'type':'RECORD','record':{'stream':'numbers','data':{'n':1},'emitted_at':1000}}"))
                .thenAwait(Duration.ofSeconds(2))
                .expectNext(json("{'type':'RECORD','record':{'stream':'numbers','data':{'n':2},'emitted_at':2000}}"))
                .expectNext(json(
                        "{'type':'STATE','state':{'type':'STREAM','stream':{'stream_descriptor':{'name':'numbers'},"
                                + "'stream_state':{'version':1,'at':2}},'sourceStats':{'recordCount':2.0}}}"))
                .thenAwait(Duration.ofSeconds(2))
                .expectNext(json("{'type':'RECORD','record':{'stream':'numbers','data':{'n':3},'emitted_at':4000}}"))
                .expectNext(json(
                        "{'type':'STATE','state':{'type':'STREAM','stream':{'stream_descriptor':{'name':'numbers'},"
                                + "'stream_state':{'version':1,'at':3}},'sourceStats':{'recordCount':1.0}}}"))
                .expectNext(json("{'type':'TRACE','trace':{'type':'STREAM_STATUS','emitted_at':5000,"
                        + "'stream_status':{'stream_descriptor':{'name':'numbers'},'status':'COMPLETE'}}}"))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void countsRecordsWithADecimalPoint() {
        assertThat(read(catalog("numbers:incremental"), new NumberStream("numbers", 2, 2)).stream()
                        .map(JsonNode::toString))
                .anyMatch(line -> line.contains("\"recordCount\":2.0}"));
    }

    @Test
    void readsStreamsInTheOrderOfTheCatalog() { // A4
        assertThat(shapes(read(
                        catalog("b:full_refresh", "a:incremental"),
                        new NumberStream("a", 1, 1),
                        new NumberStream("b", 1, 1),
                        new NumberStream("c", 1, 1))))
                .containsExactly(
                        "STARTED b",
                        "RUNNING b",
                        "RECORD b",
                        "STATE b",
                        "COMPLETE b",
                        "STARTED a",
                        "RUNNING a",
                        "RECORD a",
                        "STATE a",
                        "COMPLETE a");
    }

    private static String counted(JsonNode message) {
        return Trees.shape(message)
                + message.at("/state/sourceStats/recordCount").asString("")
                + message.at("/state/stream/stream_state/at")
                        .asString("")
                        .transform(at -> at.isEmpty() ? "" : " at " + at);
    }

    @Test
    void holdsStatesBackThatComeTooSoonBehindALongOne() {
        // A state of 300 KB counts as 0.3 s, and is to be a tenth of the time.
        StepVerifier.withVirtualTime(() -> Numbers.source(
                                new NumberStream("n", 6, 1).padding(300_000).delaying(Duration.ofSeconds(1)))
                        .read(CONFIG, catalog("n:incremental"), null)
                        .map(AirbyteReadTest::counted))
                .expectNext("STARTED n")
                .thenAwait(Duration.ofSeconds(12))
                .expectNext("RUNNING n", "RECORD n", "STATE n1.0 at 1")
                .expectNext("RECORD n", "RECORD n", "STATE n2.0 at 3")
                .expectNext("RECORD n", "RECORD n", "STATE n2.0 at 5")
                .expectNext("RECORD n", "STATE n1.0 at 6", "COMPLETE n")
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void holdsNoStateBackWhenItsStreamFails() {
        HeadraceException failure = new HeadraceException(FailureKind.TRANSIENT, "It is busy", null);

        assertThat(
                        read(
                                        catalog("n:incremental"),
                                        new NumberStream("n", 4, 1)
                                                .padding(300_000)
                                                .failing(failure))
                                .stream()
                                .map(AirbyteReadTest::counted))
                .containsExactly(
                        "STARTED n",
                        "RUNNING n",
                        "RECORD n",
                        "STATE n1.0 at 1",
                        "RECORD n",
                        "RECORD n",
                        "RECORD n",
                        "STATE n3.0 at 3",
                        "INCOMPLETE n",
                        "ERROR n");
    }

    @Test
    void aStreamWithoutRecordsIsNeverRunning() {
        assertThat(shapes(read(catalog("numbers:incremental"), new NumberStream("numbers", 0, 1))))
                .containsExactly("STARTED numbers", "STATE numbers", "COMPLETE numbers");
    }

    @Test
    void aCatalogWithoutStreamsGivesNothing() {
        StepVerifier.create(
                        Numbers.source(new NumberStream("numbers", 1, 1)).read(CONFIG, json("{'streams':[]}"), null))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void callsStreamsAsTheCatalogDoes() {
        JsonNode catalog = json("{'streams':[{'stream':{'name':'numbers','namespace':'public'},"
                + "'sync_mode':'incremental','cursor_field':['x'],'primary_key':[['x']]}]}");
        String descriptor = "{\"name\":\"numbers\",\"namespace\":\"public\"}";

        List<JsonNode> messages = read(catalog, new NumberStream("numbers", 1, 1));

        assertThat(messages.get(2).path("record").path("namespace").stringValue())
                .isEqualTo("public");
        messages.remove(2);
        assertThat(messages)
                .hasSize(4)
                .allSatisfy(message -> assertThat(message.toString()).contains(descriptor));
    }

    @Test
    void aFailingStreamDoesNotStopThoseBehindIt() {
        HeadraceException failure = new HeadraceException(FailureKind.TRANSIENT, "It is busy", null);
        HeadraceException second = new HeadraceException(FailureKind.PERMANENT, "It is gone", null);
        AirbyteSource source = Numbers.source(
                new NumberStream("a", 1, 1),
                new NumberStream("b", 2, 1).failing(failure),
                new NumberStream("c", 0, 1).failing(second),
                new NumberStream("d", 1, 1));

        StepVerifier.create(source.read(
                                CONFIG,
                                catalog("a:incremental", "b:incremental", "c:incremental", "d:incremental"),
                                null)
                        .map(Trees::shape))
                .expectNext("STARTED a", "RUNNING a", "RECORD a", "STATE a", "COMPLETE a")
                .expectNext("STARTED b", "RUNNING b", "RECORD b", "STATE b", "RECORD b", "INCOMPLETE b", "ERROR b")
                .expectNext("STARTED c", "INCOMPLETE c", "ERROR c")
                .expectNext("STARTED d", "RUNNING d", "RECORD d", "STATE d", "COMPLETE d")
                .expectErrorMatches(failure::equals)
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void deliversAllBeforeAFailureThoughTheReaderIsSlow() {
        HeadraceException failure = new HeadraceException(FailureKind.PERMANENT, "It is gone", null);
        StepVerifier.create(
                        Numbers.source(new NumberStream("a", 1, 1).failing(failure))
                                .read(CONFIG, catalog("a:incremental"), null)
                                .map(Trees::shape),
                        0)
                .thenRequest(2)
                .expectNext("STARTED a", "RUNNING a")
                .thenRequest(1)
                .expectNext("RECORD a")
                .thenRequest(1)
                .expectNext("INCOMPLETE a")
                .thenRequest(1)
                .expectNext("ERROR a")
                .thenRequest(1)
                .expectErrorMatches(failure::equals)
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void saysWhatFailedAndWhatCanBeDone() {
        assertThat(error(new HeadraceException(FailureKind.TRANSIENT, "It is busy", null)))
                .isEqualTo(json("{'message':'It is busy','failure_type':'transient_error',"
                        + "'internal_message':'dev.headrace.error.HeadraceException of kind TRANSIENT',"
                        + "'stream_descriptor':{'name':'numbers'}}"));
        for (FailureKind kind : FailureKind.values()) {
            String type = switch (kind) {
                case CONFIGURATION -> "config_error";
                case TRANSIENT -> "transient_error";
                case PERMANENT, UNTRUSTED_DATA, LOCAL -> "system_error";
            };
            assertThat(error(new HeadraceException(kind, "It failed", null))
                            .path("failure_type")
                            .stringValue())
                    .isEqualTo(type);
        }
    }

    @Test
    void namesOnlyTheClassOfOtherFailures() {
        JsonNode unforeseen = error(new IllegalStateException("password s3cr3t"));
        assertThat(unforeseen.path("failure_type").stringValue()).isEqualTo("system_error");
        assertThat(unforeseen.path("internal_message").stringValue()).isEqualTo("java.lang.IllegalStateException");
        assertThat(unforeseen.toString()).doesNotContain("s3cr3t");

        JsonNode unfit = error(new IllegalArgumentException("password s3cr3t"));
        assertThat(unfit.path("failure_type").stringValue()).isEqualTo("config_error");
        assertThat(unfit.toString()).doesNotContain("s3cr3t");
        assertThat(AirbyteSource.error(new IllegalArgumentException("password s3cr3t"))
                        .toString())
                .doesNotContain("s3cr3t");
    }

    private static JsonNode error(RuntimeException failure) {
        List<JsonNode> messages =
                read(catalog("numbers:incremental"), new NumberStream("numbers", 1, 1).failing(failure));
        return messages.get(messages.size() - 1).at("/trace/error");
    }

    @Test
    void noticesAreLogged() {
        for (Notice.Kind kind : Notice.Kind.values()) {
            boolean ofData = switch (kind) {
                case SCHEMA_DRIFT, INVALID_RECORD, SLICE_FAILED, RESYNC, CURSOR_MISSING -> true;
                case SLICE_RESTARTED, SLICE_SPLIT, STATE_SHORTENED -> false;
            };
            JsonNode message = read(catalog("numbers:incremental"), new NumberStream("numbers", 1, 1).noting(kind))
                    .get(1);
            assertThat(message.path("type").stringValue()).isEqualTo("LOG");
            assertThat(message.path("log"))
                    .isEqualTo(Json.toTree(
                            Map.of("level", ofData ? "WARN" : "INFO", "message", "Stream 'numbers': look")));
        }
    }

    @Test
    void recordsThatAreNoObjectsAreAFailureOfTheirStream() {
        List<JsonNode> messages = read(
                catalog("texts:incremental", "numbers:incremental"),
                new NumberStream("texts", 2, 1).instead("s3cr3t"),
                new NumberStream("numbers", 1, 1));

        assertThat(shapes(messages).subList(0, 4))
                .containsExactly("STARTED texts", "INCOMPLETE texts", "ERROR texts", "STARTED numbers");
        assertThat(messages.get(2).at("/trace/error/message").stringValue())
                .contains("A record of stream 'texts' is no JSON object");
        assertThat(messages.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void aStreamThatTheSourceDoesNotHaveFailsLikeAnyOther() {
        List<JsonNode> messages =
                read(catalog("others:incremental", "numbers:incremental"), new NumberStream("numbers", 1, 1));

        assertThat(shapes(messages))
                .startsWith("STARTED others", "INCOMPLETE others", "ERROR others", "STARTED numbers")
                .endsWith("COMPLETE numbers");
        assertThat(messages.get(2).at("/trace/error/failure_type").stringValue())
                .isEqualTo("config_error");
        assertThat(messages.get(2).at("/trace/error/message").stringValue()).contains("has no streams [others]");
    }

    @Test
    void readsAgainForEachSubscriber() {
        NumberStream numbers = new NumberStream("numbers", 3, 2);
        var reading = Numbers.source(numbers).read(CONFIG, catalog("numbers:incremental"), null);

        assertThat(numbers.produced()).isZero();
        List<String> first = shapes(all(reading));
        assertThat(shapes(all(reading))).isEqualTo(first);
        assertThat(numbers.produced()).isEqualTo(2 * 5);
    }
}
