package dev.headrace.stream;

import static dev.headrace.stream.Items.ids;
import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.decode.OnInvalid;
import dev.headrace.error.FailureKind;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Records held against a schema, of a file or asked for. Rows A7, A8. */
class StreamSchemaTest {

    private static final JsonSchema SCHEMA = JsonSchema.of(json("{'type':'object','required':['name'],'properties':{"
            + "'id':{'type':'integer'},'name':{'type':'string'},"
            + "'owner':{'type':'object','properties':{'login':{'type':'string'}}},"
            + "'tags':{'type':'array','items':{'type':'object','properties':{'t':{'type':'string'}}}},"
            + "'labels':{'type':'object','additionalProperties':{'type':'string'}}}}"));

    private static final RecordStream<JsonNode> CHECKED = Items.STREAM.schema(SCHEMA);

    private static Items mixed() {
        return Items.of("{'id':1,'name':'a'}", "{'id':2}", "{'id':3,'name':7}", "{'id':4}", "{'id':5,'name':'b'}");
    }

    private static List<String> texts(List<? extends Message<?>> messages) {
        return messages.stream()
                .filter(Notice.class::isInstance)
                .map(message -> ((Notice<?>) message).text())
                .toList();
    }

    @Test
    void emitsWhatDoesNotFitWithANoticeOfEachKind() {
        try (Items items = mixed()) {
            List<Message<JsonNode>> messages = items.read(CHECKED);

            assertThat(ids(messages)).containsExactly(1, 2, 3, 4, 5);
            assertThat(notices(messages)).containsExactly(Notice.Kind.INVALID_RECORD, Notice.Kind.INVALID_RECORD);
            assertThat(texts(messages).get(0)).startsWith("Stream 'items': records do not fit the schema: ");
            assertThat(texts(messages).get(1)).contains("'/name'");
            // Before the record that it is about.
            assertThat(messages.get(1)).isInstanceOf(Notice.class);
        }
    }

    @Test
    void leavesOutWhatDoesNotFitIfTold() {
        try (Items items = mixed()) {
            List<Message<JsonNode>> messages = items.read(CHECKED.onInvalid(OnInvalid.DROP));

            assertThat(ids(messages)).containsExactly(1, 5);
            assertThat(texts(messages)).hasSize(2).allMatch(text -> text.contains("and are left out"));
        }
    }

    @Test
    void failsAtWhatDoesNotFitIfTold() {
        try (Items items = mixed()) {
            StepVerifier.create(CHECKED.onInvalid(OnInvalid.FAIL)
                            .sliceErrorsAsNotices()
                            .read(items.connector()))
                    .expectNextMatches(StreamRecord.class::isInstance)
                    .expectErrorSatisfies(error -> {
                        assertThat(error)
                                .isInstanceOfSatisfying(
                                        SchemaViolationException.class,
                                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA));
                        assertThat(error).hasMessageContaining("A record of stream 'items'");
                    })
                    .verify(Duration.ofSeconds(10));
        }
    }

    @Test
    void movesThePositionAlsoByWhatIsLeftOut() {
        try (Items items = Items.of("{'id':1,'name':'a'}", "{'id':2}")) {
            RecordStream<JsonNode> stream = CHECKED.onInvalid(OnInvalid.DROP)
                    .cursor(Cursor.incrementing("/id").intoQuery("since"));

            assertThat(lastState(items.read(stream)).at("/slices/0/cursor").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void saysOnceWhichPropertiesAreNew() {
        try (Items items = Items.of(
                "{'id':1,'name':'a','new':1,'owner':{'login':'x','id':7}}",
                "{'id':2,'name':'b','new':2,'tags':[{'t':'u'},{'t':'v','color':'red'},{'color':'blue'}]}",
                "{'id':3,'name':'c','labels':{'any':'thing'},'a/b~c':null}")) {
            List<Message<JsonNode>> messages = items.read(CHECKED);

            assertThat(ids(messages)).containsExactly(1, 2, 3);
            assertThat(notices(messages)).hasSize(4).containsOnly(Notice.Kind.SCHEMA_DRIFT);
            assertThat(texts(messages))
                    .extracting(text -> text.replaceAll(".*have '([^']*)'.*", "$1"))
                    .containsExactly("/new", "/owner/id", "/tags/*/color", "/a~1b~0c");
        }
    }

    @Test
    void saysItAgainInTheNextReading() {
        try (Items items = Items.of("{'id':1,'name':'a','new':1}")) {
            assertThat(notices(items.read(CHECKED))).hasSize(1);
            assertThat(notices(items.read(CHECKED))).hasSize(1);
        }
    }

    @Test
    void knowsArraysAtTheirPlaceWhateverTheElement() {
        JsonSchema schema =
                JsonSchema.of(json("{'properties':{'id':{},'tags':{'type':'array','items':{'type':'string'}}}}"));
        try (Items items = Items.of("{'id':1,'tags':[1,2,'x']}", "{'id':2,'tags':['y',3]}")) {
            List<Message<JsonNode>> messages = items.read(Items.STREAM.schema(schema));

            assertThat(notices(messages)).containsExactly(Notice.Kind.INVALID_RECORD);
        }
    }

    @Test
    void endsNoStreamByEndlesslyManyNewProperties() {
        StringBuilder record = new StringBuilder("{'name':'a'");
        for (int property = 0; property < 500; property++) {
            record.append(",'p").append(property).append("':1");
        }
        try (Items items = Items.of(record + "}")) {
            assertThat(notices(items.read(CHECKED))).hasSize(100);
        }
    }

    @Test
    void checksRecordsAsTheyCameThoughTheyAreReadAsAClass() {
        JsonSchema schema = JsonSchema.of(json("{'required':['title'],'properties':{'number':{'maximum':2}}}"));
        try (Repositories repositories = Repositories.of(1, 3)) {
            List<Message<Repositories.Issue>> messages =
                    repositories.read(ALL_ISSUES.schema(schema).onInvalid(OnInvalid.DROP));

            assertThat(records(messages)).extracting(Repositories.Issue::number).containsExactly(1L, 2L);
            // The class has no title, the record does.
            assertThat(texts(messages))
                    .anyMatch(text -> text.contains("'/title'"))
                    .anyMatch(text -> text.contains("'/number'"));
        }
    }

    @Test
    void asksForASchemaOnceForEachReadingAndNotBefore() {
        AtomicInteger asked = new AtomicInteger();
        RecordStream<JsonNode> stream = Items.STREAM.schema(Mono.fromSupplier(() -> {
            asked.incrementAndGet();
            return SCHEMA;
        }));
        try (Items items = mixed()) {
            assertThat(asked).hasValue(0);
            assertThat(notices(items.read(stream))).hasSize(2);
            assertThat(asked).hasValue(1);
            StepVerifier.create(stream.describe())
                    .assertNext(description -> assertThat(description.schema()).contains(SCHEMA))
                    .verifyComplete();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void failsBeforeAnyRequestIfThereIsNoSchema() {
        try (Items items = mixed()) {
            IllegalStateException missing = new IllegalStateException("no schema today");

            StepVerifier.create(
                            Items.STREAM.schema(Mono.<JsonSchema>error(missing)).read(items.connector()))
                    .verifyErrorMatches(missing::equals);
            assertThat(items.requests()).isZero();
        }
    }

    @Test
    void failsIfASchemaIsAskedForThatDoesNotCome() {
        try (Items items = mixed()) {
            StepVerifier.create(Items.STREAM.schema(Mono.<JsonSchema>empty()).read(items.connector()))
                    .verifyErrorMessage("Stream 'items' was given no schema: the Mono completed without one");
        }
    }

    @Test
    void findsTheSchemaThatIsNamedLikeTheStream() {
        try (Repositories repositories = Repositories.of(1, 2)) {
            RecordStream<Repositories.Issue> stream = RecordStream.of("issue", Repositories.ISSUES)
                    .slices(List.of(Repositories.slice(1)))
                    .schemaFromResource();

            assertThat(notices(repositories.read(stream))).isEmpty();
        }
        assertThatThrownBy(ALL_ISSUES::schemaFromResource)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/schemas/issues.json");
    }
}
