package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.Notice;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamRecord;
import dev.headrace.test.EventFeed;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Streams of server-sent events in a spec. */
class EventsReadingTest {

    private static Source source(TestServer server, String events, String more) {
        return Spec.parse("test.yaml", """
                        headrace: 1
                        name: test
                        connector: {base_url: %s}
                        streams:
                          edits:
                            request: /events
                            events: %s
                            %s
                        """.formatted(server.url(), events, more))
                .source();
    }

    private static List<Message<JsonNode>> read(Source source, @Nullable JsonNode state) {
        return Objects.requireNonNull(
                source.read(Json.tree("{}"), state).collectList().block(Duration.ofSeconds(20)));
    }

    private static String shown(Message<JsonNode> message) {
        return message.fold(
                record -> record.data().toString(),
                checkpoint -> "@"
                        + checkpoint.state().at("/streams/edits/last_event_id").stringValue(),
                notice -> notice.kind().name());
    }

    @Test
    void recordsAreTheDataAndCheckpointsCarryTheLastId() {
        EventFeed feed = EventFeed.of(5);
        try (TestServer server = feed.start()) {
            Source source = source(server, "{checkpoint_every: 2, on_clean_end: complete}", "");

            assertThat(read(source, null).stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "{\"n\":2}", "@2", "{\"n\":3}", "{\"n\":4}", "@4", "{\"n\":5}", "@5");
        }
    }

    @Test
    void goesOnBehindTheEventThatACheckpointNames() {
        EventFeed feed = EventFeed.of(5);
        try (TestServer server = feed.start()) {
            Source source = source(server, "{on_clean_end: complete}", "");
            JsonNode state = Json.tree(
                    "{\"version\":1,\"streams\":{\"edits\":{\"version\":1,\"stream\":\"edits\",\"last_event_id\":\"3\"}}}");

            assertThat(read(source, state).stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":4}", "@4", "{\"n\":5}", "@5");
            assertThat(feed.lastEventIds()).containsExactly("3");
        }
    }

    @Test
    void reconnectsWithTheLastIdByItself() {
        EventFeed feed = EventFeed.of(6).cutAfter(2).retry(Duration.ofMillis(1));
        try (TestServer server = feed.start()) {
            Source source = source(server, "{reconnect: {first_delay: 1ms}, on_clean_end: complete}", "");

            assertThat(read(source, null).stream().filter(StreamRecord.class::isInstance))
                    .hasSize(6);
            assertThat(feed.lastEventIds()).startsWith("", "2", "4");
        }
    }

    @Test
    void asksForEventsOnlyAsTheyAreWanted() {
        try (TestServer server = EventFeed.endless().start()) {
            StepVerifier.create(source(server, "{}", "").read(Json.tree("{}"), null), 0)
                    .expectSubscription()
                    .then(() -> assertThat(server.requests()).isEmpty())
                    .thenRequest(3)
                    .expectNextCount(3)
                    .thenCancel()
                    .verify(Duration.ofSeconds(10));
            server.awaitNoOpenConnections(Duration.ofSeconds(10));
        }
    }

    @Test
    void leavesOutWhatIsNoJsonWithANotice() {
        EventFeed feed = EventFeed.of(4).data(n -> n % 2 == 0 ? "ping" : "{\"n\":" + n + "}");
        try (TestServer server = feed.start()) {
            List<Message<JsonNode>> messages =
                    read(source(server, "{checkpoint_every: 100, on_clean_end: complete}", ""), null);

            assertThat(messages.stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "INVALID_RECORD", "{\"n\":3}", "@4");
            assertThat(((Notice<JsonNode>) messages.get(1)).failure()).isPresent();
        }
    }

    @Test
    void failsAtWhatIsNoJsonIfItMust() {
        try (TestServer server = EventFeed.of(1).data(n -> "ping").start()) {
            assertThatThrownBy(() -> read(source(server, "{}", "on_invalid: fail"), null))
                    .isInstanceOfSatisfying(
                            HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA))
                    .hasMessageContaining("An event's data is no JSON");
        }
    }

    @Test
    void checksTheSchemaAsStreamsOfPagesDo() {
        String schema = "schema: {properties: {n: {maximum: 2}}}";
        try (TestServer server = EventFeed.of(4).start()) {
            assertThat(read(source(server, "{checkpoint_every: 100, on_clean_end: complete}", schema), null).stream()
                            .map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "{\"n\":2}", "INVALID_RECORD", "{\"n\":3}", "{\"n\":4}", "@4");
            assertThat(read(
                                    source(
                                            server,
                                            "{checkpoint_every: 100, on_clean_end: complete}",
                                            schema + "\n    on_invalid: drop"),
                                    null)
                            .stream()
                            .map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "{\"n\":2}", "INVALID_RECORD", "@4");
            assertThatThrownBy(() -> read(source(server, "{}", schema + "\n    on_invalid: fail"), null))
                    .isInstanceOf(SchemaViolationException.class);
        }
    }

    @Test
    void givesTextOrWholeEvents() {
        EventFeed feed = EventFeed.of(1).data(n -> "hello").type("greeting");
        try (TestServer server = feed.start()) {
            assertThat(read(source(server, "{data: text, on_clean_end: complete}", ""), null).stream()
                            .map(EventsReadingTest::shown))
                    .containsExactly("\"hello\"", "@1");
            assertThat(
                            read(source(server, "{data: event, on_clean_end: complete}", "map: [{remove: /id}]"), null)
                                    .stream()
                                    .map(EventsReadingTest::shown))
                    .containsExactly("{\"event\":\"greeting\",\"data\":\"hello\"}", "@1");
        }
    }

    @Test
    void refusesTheStateOfAnotherStream() {
        try (TestServer server = EventFeed.of(1).start()) {
            JsonNode state = Json.tree(
                    "{\"version\":1,\"streams\":{\"edits\":{\"version\":1,\"stream\":\"others\",\"last_event_id\":\"3\"}}}");

            assertThatThrownBy(() -> read(source(server, "{}", ""), state))
                    .isInstanceOfSatisfying(
                            HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("is none of its own");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aConnectionIsEnoughToBeAvailable() {
        try (TestServer server = EventFeed.of(0).stayingOpen().greeting().start()) {
            assertThat(source(server, "{}", "").check(Json.tree("{}")).block(Duration.ofSeconds(10)))
                    .isEqualTo(new Availability(true, "", null));
        }
    }

    @Test
    void aRefusalWithAReasonIsNoFailure() {
        try (TestServer server = TestServer.builder()
                .route("/events", Route.fixed(404, "application/json", "{}"))
                .start()) {
            assertThat(source(server, "{}", "unavailable_reasons: {404: switched off}")
                            .check(Json.tree("{}"))
                            .block(Duration.ofSeconds(10)))
                    .isEqualTo(new Availability(false, "switched off", 404));
            assertThatThrownBy(() ->
                            source(server, "{}", "").check(Json.tree("{}")).block(Duration.ofSeconds(10)))
                    .hasMessageContaining("404");
        }
    }

    @Test
    void theLastMessageIsACheckpointEvenWithoutEvents() {
        try (TestServer server = EventFeed.of(0).start()) {
            assertThat(read(source(server, "{on_clean_end: complete}", ""), null))
                    .singleElement()
                    .isInstanceOf(Checkpoint.class);
        }
    }

    private static JsonNode stateOf(List<Message<JsonNode>> messages) {
        return messages.stream()
                .filter(Checkpoint.class::isInstance)
                .reduce((first, second) -> second)
                .map(message -> ((Checkpoint<JsonNode>) message).state())
                .orElseThrow();
    }

    /** All that comes before an error. */
    private static List<Message<JsonNode>> readUntilItFails(Source source) {
        List<Message<JsonNode>> messages = new ArrayList<>();
        assertThatThrownBy(() -> source.read(Json.tree("{}"), null)
                        .doOnNext(messages::add)
                        .blockLast(Duration.ofSeconds(20)))
                .isInstanceOf(RuntimeException.class);
        return messages;
    }

    @Test
    void losesNothingIfAReadingIsCancelled() {
        try (TestServer server = EventFeed.of(4).start()) {
            Source source = source(server, "{on_clean_end: complete}", "");

            List<Message<JsonNode>> first = Objects.requireNonNull(
                    source.read(Json.tree("{}"), null).take(4).collectList().block(Duration.ofSeconds(20)));

            assertThat(first.stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "@1", "{\"n\":2}", "@2");
            assertThat(read(source, stateOf(first)).stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":3}", "@3", "{\"n\":4}", "@4");
        }
    }

    @Test
    void givesACheckpointBeforeTheConnectionFails() {
        EventFeed feed = EventFeed.of(5).cutAfter(3);
        try (TestServer server = feed.start()) {
            Source source = source(server, "{checkpoint_every: 100, reconnect: never, on_clean_end: complete}", "");

            List<Message<JsonNode>> first = readUntilItFails(source);

            assertThat(first.stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "@3");
            assertThat(read(source, stateOf(first)).stream().map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":4}", "{\"n\":5}", "@5");
            assertThat(feed.lastEventIds()).containsExactly("", "3");
        }
    }

    @Test
    void givesACheckpointBeforeAnEventThatCannotBeRead() {
        EventFeed feed = EventFeed.of(4).data(n -> n == 3 ? "ping" : "{\"n\":" + n + "}");
        try (TestServer server = feed.start()) {
            List<Message<JsonNode>> first =
                    readUntilItFails(source(server, "{checkpoint_every: 100}", "on_invalid: fail"));

            assertThat(first.stream().map(EventsReadingTest::shown)).containsExactly("{\"n\":1}", "{\"n\":2}", "@2");
            Source second = source(server, "{checkpoint_every: 100, on_clean_end: complete}", "");
            assertThat(read(second, stateOf(first)).stream().map(EventsReadingTest::shown))
                    .containsExactly("INVALID_RECORD", "{\"n\":4}", "@4");
        }
    }

    @Test
    void saysNoCheckpointTwiceBeforeAnError() {
        try (TestServer server = EventFeed.of(5).cutAfter(2).start()) {
            assertThat(readUntilItFails(source(server, "{reconnect: never}", "")).stream()
                            .map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "@1", "{\"n\":2}", "@2");
        }
    }

    @Test
    void refusesAStateWithAnIdThatNoEventHas() {
        try (TestServer server = EventFeed.of(1).start()) {
            JsonNode state = Json.tree(
                    "{\"version\":1,\"streams\":{\"edits\":{\"version\":1,\"stream\":\"edits\",\"last_event_id\":\"a\\nb\"}}}");

            assertThatThrownBy(() -> read(source(server, "{}", ""), state))
                    .isInstanceOfSatisfying(
                            HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageStartingWith("The state given to stream 'edits' has an id that no event can have: ");
        }
    }

    @Test
    void checksTheSchemaBeforeItFiltersAsStreamsOfPagesDo() {
        String more = "schema: {properties: {n: {maximum: 2}}}\n    filter: {equal: {at: /n, value: 1}}";
        try (TestServer server = EventFeed.of(3).start()) {
            assertThat(read(source(server, "{checkpoint_every: 100, on_clean_end: complete}", more), null).stream()
                            .map(EventsReadingTest::shown))
                    .containsExactly("{\"n\":1}", "INVALID_RECORD", "@3");
        }
    }

    @Test
    void saysThatEventsAreTruncated() {
        EventFeed feed = EventFeed.of(3).data(n -> n == 1 ? "short" : "x".repeat(5_000));
        try (TestServer server = feed.start()) {
            List<Message<JsonNode>> messages = read(
                    source(
                            server,
                            "{data: event, checkpoint_every: 100, on_clean_end: complete,"
                                    + " limits: {event: 1000, oversized: truncate}}",
                            ""),
                    null);

            assertThat(messages.stream().map(message -> message.getClass().getSimpleName()))
                    .containsExactly("StreamRecord", "StreamRecord", "Notice", "StreamRecord", "Checkpoint");
            assertThat(messages.stream()
                            .filter(StreamRecord.class::isInstance)
                            .map(message -> ((StreamRecord<JsonNode>) message)
                                    .data()
                                    .path("truncated")
                                    .toString()))
                    .containsExactly("", "true", "true");
            assertThat(((Notice<JsonNode>) messages.get(2)).text())
                    .isEqualTo("An event was too large; only the beginning of its data was kept");
        }
    }
}
