package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.REPOSITORY_STREAM;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Trees.json;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Streams of one remote, with their configuration and one state. Rows A4, A9, A10, A34. */
class SourceTest {

    private static final RecordStream<Issue> ISSUES = ALL_ISSUES
            .cursor(Cursor.datetime("/updated_at").startingAt(START).intoQuery("since"))
            .key("/repository", "/number");

    private static final JsonNode CONFIG = json("{'token':'t-0123456789'}");

    private final List<Connector> connectors = new ArrayList<>();
    private FakeRepositories api = FakeRepositories.of(2, 15);
    private @Nullable TestServer server;

    private TestServer server() {
        TestServer running = server == null ? api.start() : server;
        server = running;
        return running;
    }

    private Source.Builder builder() {
        return Source.builder("github").connector(config -> {
            Connector connector = Connector.builder(server().url())
                    .retry(RetryPolicy.defaults().maxRetries(0))
                    .build();
            connectors.add(connector);
            return connector;
        });
    }

    private Source source() {
        return builder().stream(REPOSITORY_STREAM).stream(ISSUES).build();
    }

    private int requests() {
        return server().requests().size();
    }

    /** Whoever uses a connector after its end is told so. */
    private void assertClosed() {
        assertThat(connectors).isNotEmpty();
        for (Connector connector : connectors) {
            StepVerifier.create(REPOSITORY_STREAM.read(connector))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isNotInstanceOf(HttpStatusException.class)
                            .hasMessageContaining("closed"))
                    .verify(ofSeconds(10));
        }
    }

    @AfterEach
    void close() {
        connectors.forEach(Connector::close);
        if (server != null) {
            server.close();
        }
    }

    private static HeadraceException failureOf(Flux<?> reading) {
        Throwable failure = Objects.requireNonNull(
                        reading.ignoreElements().materialize().block(ofSeconds(10)))
                .getThrowable();
        assertThat(failure).isInstanceOf(HeadraceException.class);
        return (HeadraceException) Objects.requireNonNull(failure);
    }

    private static List<String> streams(List<Message<JsonNode>> messages) {
        return messages.stream().map(Message::stream).distinct().toList();
    }

    @Test
    void readsAllStreamsOneAfterTheOther() { // A4
        List<Message<JsonNode>> messages = all(source().read(CONFIG, null));

        assertThat(streams(messages)).containsExactly("repositories", "issues");
        assertThat(records(messages)).hasSize(2 + 30);
        assertThat(records(messages).get(2))
                .isEqualTo(json("{'number':1,'repository':'o/r1','updated_at':'2024-01-01T00:01:00Z'}"));
        assertThat(lastState(messages).path("version").asInt()).isEqualTo(1);
        assertThat(lastState(messages).path("streams").propertyNames()).containsExactly("repositories", "issues");
        assertClosed();
    }

    @Test
    void doesNothingBeforeItIsSubscribedTo() {
        Flux<Message<JsonNode>> reading = source().read(CONFIG, null);

        assertThat(connectors).isEmpty();
        StepVerifier.create(reading, 0).expectSubscription().thenCancel().verify(ofSeconds(10));
        assertThat(requests()).isZero();
        all(reading);
        int once = requests();
        all(reading);
        assertThat(requests()).isEqualTo(2 * once);
    }

    @Test
    void goesOnFromTheStateOfAnyCheckpoint() {
        List<Message<JsonNode>> whole = all(source().read(CONFIG, null));
        for (int cut = 0; cut < whole.size() - 1; cut++) {
            if (whole.get(cut) instanceof Checkpoint<JsonNode> checkpoint) {
                JsonNode state = Json.tree(checkpoint.state().toString());
                List<Message<JsonNode>> rest = all(source().read(CONFIG, state));

                List<JsonNode> issues = records(rest).stream()
                        .filter(record -> record.has("number"))
                        .toList();
                long before = whole.subList(0, cut).stream()
                        .filter(message -> message instanceof StreamRecord<JsonNode> record
                                && record.stream().equals("issues"))
                        .count();
                assertThat(issues).as("cut after %d", cut).hasSize(30 - (int) before);
            }
        }
    }

    @Test
    void keepsStatesOfStreamsThatAreNotRead() {
        JsonNode first = lastState(all(source().read(CONFIG, null)));
        JsonNode second = lastState(all(source().read(CONFIG, first, List.of(StreamSelection.of("repositories")))));

        assertThat(second.at("/streams/issues")).isEqualTo(first.at("/streams/issues"));
        api.touch("o", "r2", 3, START.plus(ofDays(1)));
        assertThat(records(all(source().read(CONFIG, second, List.of(StreamSelection.of("issues"))))))
                .extracting(record -> record.path("number").asInt())
                .containsExactly(3);
    }

    @Test
    void readsWhatIsSelectedInThatOrder() {
        List<Message<JsonNode>> messages = all(
                source().read(CONFIG, null, List.of(StreamSelection.of("issues"), StreamSelection.of("repositories"))));

        assertThat(streams(messages)).containsExactly("issues", "repositories");
    }

    @Test
    void readsAStreamWholeIfSelectedSo() { // A9, A10
        List<StreamSelection> whole = List.of(new StreamSelection("issues", SyncMode.FULL_REFRESH));
        List<StreamSelection> changes = List.of(StreamSelection.of("issues"));
        JsonNode state = lastState(all(source().read(CONFIG, null, changes)));

        // What an incremental reading left does not matter to a whole one.
        List<Message<JsonNode>> messages = all(source().read(CONFIG, state, whole));
        assertThat(records(messages)).hasSize(30);
        assertThat(server().requests())
                .extracting(RecordedRequest::uri)
                .last()
                .asString()
                .doesNotContain("since");
        // And one that was cut off goes on.
        JsonNode cut = ((Checkpoint<JsonNode>) messages.get(10)).state();
        assertThat(records(all(source().read(CONFIG, cut, whole)))).hasSize(20);
    }

    @Test
    void readsWhatHasChangedOfChildrenThatOnlyTheirParentsMakeIncremental() { // A32
        RecordStream<Issue> children =
                RecordStream.of("issues", Repositories.ISSUES).parent(StreamCutTest.CHANGED_PARENTS);
        Source source = builder().stream(children).build();
        JsonNode first = lastState(all(source.read(CONFIG, null)));
        assertThat(first.at("/streams/issues").has("parents")).isTrue();

        assertThat(records(all(source.read(CONFIG, first)))).isEmpty();
        api.touch("o", "r2", 3, START.plus(ofDays(1)));
        assertThat(records(all(source.read(CONFIG, first))))
                .hasSize(15)
                .allMatch(issue -> issue.path("repository").asString("").equals("o/r2"));

        // What an incremental reading left does not matter to a whole one.
        List<StreamSelection> whole = List.of(new StreamSelection("issues", SyncMode.FULL_REFRESH));
        assertThat(records(all(source.read(CONFIG, first, whole)))).hasSize(30);
    }

    @Test
    void refusesSelectionsThatCannotBe() {
        HeadraceException unknown = failureOf(
                source().read(CONFIG, null, List.of(StreamSelection.of("pulls"), StreamSelection.of("issues"))));
        assertThat(unknown.kind()).isEqualTo(FailureKind.CONFIGURATION);
        assertThat(unknown).hasMessage("Source 'github' has no streams [pulls], but [repositories, issues]");

        assertThat(failureOf(source().read(
                                CONFIG, null, List.of(StreamSelection.of("issues"), StreamSelection.of("issues")))))
                .hasMessageContaining("'issues' twice");
        assertThat(requests()).isZero();
    }

    @Test
    void refusesStatesThatAreNotItsOwn() {
        for (String state :
                List.of("{'version':2,'streams':{}}", "{'version':1}", "[1]", "{'version':1,'stream':'issues'}")) {
            HeadraceException failure = failureOf(source().read(CONFIG, json(state)));
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
            assertThat(failure).hasMessageContaining("none to begin anew");
        }
        assertThat(records(all(source().read(CONFIG, json("{}"))))).hasSize(32);
        assertThat(records(all(source().read(CONFIG, json("null"))))).hasSize(32);
    }

    @Test
    void refusesAConfigurationThatDoesNotFitBeforeAnythingIsSent() {
        Source source = builder()
                .config(
                        JsonSchema.of(
                                json(
                                        "{'type':'object','required':['token','url'],'properties':{'token':{'pattern':'^ghp_','maxLength':3}}}")))
                .stream(ISSUES)
                .build();

        for (Flux<?> operation :
                List.of(source.check(CONFIG).flux(), source.discover(CONFIG), source.read(CONFIG, null))) {
            HeadraceException failure = failureOf(operation);
            assertThat(failure).isInstanceOf(SchemaViolationException.class);
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
            assertThat(failure)
                    .hasMessageContaining("The configuration of source 'github'")
                    .hasMessageContaining("url");
            assertThat(failure.getMessage()).doesNotContain("t-0123456789");
        }
        assertThat(connectors).isEmpty();
        assertThat(source.configSchema()).isPresent();
    }

    @Test
    void refusesTwoStreamsOfOneName() {
        Source source =
                builder().stream(ISSUES).streams(config -> List.of(ALL_ISSUES)).build();

        assertThat(failureOf(source.read(CONFIG, null)))
                .hasMessage("Source 'github' has two streams of the name 'issues'");
        assertThat(connectors).isEmpty();
    }

    @Test
    void needsAConnectorAndStreams() {
        assertThatThrownBy(() -> Source.builder("x").stream(ISSUES).build()).hasMessageContaining("connector");
        assertThatThrownBy(() -> builder().build()).hasMessageContaining("stream");
    }

    @Test
    void showsStreamsTheirConfiguration() {
        RecordStream<Issue> hooked = ISSUES.request((request, context) ->
                request.header("X-Token", context.config().path("token").asString("none")));
        all(builder().stream(hooked).build().read(CONFIG, null));

        assertThat(server().requests().get(1).header("X-Token")).contains("t-0123456789");
    }

    @Test
    void makesStreamsOfItsConfiguration() {
        Source source = builder()
                .streams(config -> config.path("names")
                        .valueStream()
                        .map(name -> RecordStream.of(name.asString(), Repositories.REPOSITORIES))
                        .toList())
                .build();

        List<StreamDescription> found = source.discover(json("{'names':['a','b']}"))
                .collectList()
                .blockOptional(ofSeconds(10))
                .orElseThrow();
        assertThat(found).extracting(StreamDescription::name).containsExactly("a", "b");
        assertThat(requests()).isZero();
    }

    @Test
    void findsOutWhetherAllStreamsCanBeRead() { // A34
        assertThat(source().check(CONFIG).block(ofSeconds(10))).isEqualTo(Availability.YES);
        assertThat(requests()).isEqualTo(1 + 2);
        assertClosed();
    }

    @Test
    void saysWhichStreamCannotBeRead() {
        api = FakeRepositories.of(2, 15).answering("o/r1", 403);

        assertThat(source().check(CONFIG).map(Availability::reason).block(ofSeconds(10)))
                .startsWith("Stream 'issues' cannot be read (status 403)");
        assertClosed();
    }

    @Test
    void failsWithTheFirstStreamThatFailsAndClosesItsConnector() {
        api = FakeRepositories.of(2, 15).answering("o/r2", 500);
        StepVerifier.create(source().read(CONFIG, null).filter(StreamRecord.class::isInstance))
                .expectNextCount(2 + 15)
                .expectError(HttpStatusException.class)
                .verify(ofSeconds(10));

        assertClosed();
    }

    @Test
    void closesItsConnectorWhenTheReaderLeaves() {
        StepVerifier.create(source().read(CONFIG, null).take(5))
                .expectNextCount(5)
                .expectComplete()
                .verify(ofSeconds(10));

        Connector connector = connectors.get(0);
        StepVerifier.create(REPOSITORY_STREAM
                        .read(connector)
                        .then()
                        .repeat(() -> true)
                        .ignoreElements())
                .expectError()
                .verify(ofSeconds(10));
    }

    @Test
    void passesNoticesOn() {
        api = FakeRepositories.of(2, 15).answering("o/r2", 500);
        List<Message<JsonNode>> messages =
                all(builder().stream(ISSUES.sliceErrorsAsNotices()).build().read(CONFIG, null));

        assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_FAILED);
        assertThat(records(messages)).hasSize(15);
    }

    /** Not every stream is a paginated API. */
    private static final class Ticks implements MessageStream<String> {

        @Override
        public String name() {
            return "ticks";
        }

        @Override
        public Mono<StreamDescription> describe() {
            return Mono.empty();
        }

        @Override
        public Flux<Message<String>> read(Connector connector, @Nullable JsonNode state) {
            int from = state == null ? 0 : state.asInt();
            return Flux.range(from + 1, 2)
                    .concatMap(tick -> Flux.just(
                            new StreamRecord<>("ticks", "tick " + tick, Slice.EMPTY),
                            Checkpoint.of("ticks", json(Integer.toString(tick)))));
        }

        @Override
        public Mono<Availability> check(Connector connector) {
            return Mono.just(Availability.YES);
        }
    }

    @Test
    void readsStreamsOfOnesOwn() {
        Source source = builder().streams(config -> List.of(new Ticks())).build();
        List<Message<JsonNode>> first = all(source.read(CONFIG, null));
        List<Message<JsonNode>> second = all(source.read(CONFIG, lastState(first)));

        assertThat(records(second)).containsExactly(json("'tick 3'"), json("'tick 4'"));
        assertThat(lastState(second)).isEqualTo(json("{'version':1,'source':'github','streams':{'ticks':4}}"));
    }

    @Test
    void readsEachByItselfOnOneConnector() {
        List<StreamSelection> selection =
                List.of(StreamSelection.of("issues"), StreamSelection.of("none"), StreamSelection.of("repositories"));

        List<String> read = source().readEach(
                        CONFIG,
                        null,
                        selection,
                        (stream, messages) -> messages.filter(StreamRecord.class::isInstance)
                                .count()
                                .map(records -> stream.name() + " " + records)
                                .onErrorResume(failure -> Mono.just(stream.name() + " failed")))
                .collectList()
                .block();

        assertThat(read).containsExactly("issues 30", "none failed", "repositories 2");
        assertThat(connectors).hasSize(1);
        assertClosed();
    }

    @Test
    void readsNothingOfEachThatNobodyAsksFor() {
        Flux<Message<JsonNode>> messages = source().readEach(
                        CONFIG,
                        null,
                        List.of(StreamSelection.of("repositories"), StreamSelection.of("issues")),
                        (stream, one) -> one);

        StepVerifier.create(messages, 1).expectNextCount(1).thenCancel().verify();

        assertThat(requests()).isEqualTo(1);
    }
}
