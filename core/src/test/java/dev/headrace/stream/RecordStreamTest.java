package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.ISSUES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Repositories.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Decoder;
import dev.headrace.json.Codec;
import dev.headrace.json.Json;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Whole and incremental reading in slices. Rows A1, A4, A5, A6, A9, A10, A29, A30, A32. */
class RecordStreamTest {

    private static final Cursor UPDATED = Cursor.datetime("/updated_at")
            .startingAt(START)
            .lookback(Duration.ofSeconds(1))
            .intoQuery("since");

    @Test
    void readsAllRecordsOfAllSlicesWithACheckpointAfterEachPage() { // A1, A6, A9, A29, A30, A32
        try (Repositories repositories = Repositories.of(3, 25)) {
            List<Message<Issue>> messages = repositories.read(ALL_ISSUES);

            assertThat(records(messages)).hasSize(75);
            assertThat(messages.stream().filter(Checkpoint.class::isInstance)).hasSize(3 * 3 + 1);
            assertThat(repositories.uris()).hasSize(1 + 3 * 3);
            assertThat(lastState(messages)).isEqualTo(Json.tree("{\"version\":1,\"stream\":\"issues\"}"));
        }
    }

    @Test
    void sendsNothingBeforeAMessageIsAskedForAndNoPageThatIsNotNeeded() {
        try (Repositories repositories = Repositories.of(1, 25)) {
            RecordStream<Issue> stream = RecordStream.of("issues", ISSUES).slices(List.of(slice(1)));
            StepVerifier.create(stream.read(repositories.connector()), 0)
                    .expectSubscription()
                    .then(() -> assertThat(repositories.uris()).isEmpty())
                    .thenRequest(10)
                    .expectNextCount(10)
                    .then(() -> assertThat(repositories.uris()).hasSize(1))
                    .thenRequest(1)
                    .expectNextMatches(Checkpoint.class::isInstance)
                    .then(() -> assertThat(repositories.uris()).hasSize(1))
                    .thenRequest(1)
                    .expectNextMatches(StreamRecord.class::isInstance)
                    .then(() -> assertThat(repositories.uris()).hasSize(2))
                    .thenCancel()
                    .verify(Duration.ofSeconds(10));
        }
    }

    @Test
    void readsOnlyWhatHasChangedSinceTheLastRun() { // A10
        try (Repositories repositories = Repositories.of(2, 12)) {
            RecordStream<Issue> stream = ALL_ISSUES.cursor(UPDATED).key("/repository", "/number");
            List<Message<Issue>> first = repositories.read(stream);
            assertThat(records(first)).hasSize(24);

            repositories.api().touch("o", "r2", 3, START.plus(Duration.ofDays(1)));
            List<Message<Issue>> second = repositories.read(stream, lastState(first));

            assertThat(records(second)).extracting(Issue::number).containsExactly(3L);
            assertThat(repositories.uris().get(repositories.uris().size() - 1))
                    .contains("since=2024-01-01T00%3A11%3A59Z");

            assertThat(records(repositories.read(stream, lastState(second)))).isEmpty();
        }
    }

    @Test
    void readsTheSameRecordsWithAnyConcurrency() {
        try (Repositories repositories = Repositories.of(7, 25)) {
            for (int concurrency = 1; concurrency <= 9; concurrency += 4) {
                List<Message<Issue>> messages = repositories.read(ALL_ISSUES.concurrency(concurrency));

                assertThat(records(messages)).hasSize(175).doesNotHaveDuplicates();
                assertThat(lastState(messages)).isEqualTo(Json.tree("{\"version\":1,\"stream\":\"issues\"}"));
            }
        }
    }

    @Test
    void goesOnFromAnyCheckpointWithoutLossAndWithoutRepetition() {
        try (Repositories repositories = Repositories.of(3, 25)) {
            List<Message<Issue>> whole = repositories.read(ALL_ISSUES);
            for (int cut = 0; cut < whole.size(); cut++) {
                if (whole.get(cut) instanceof Checkpoint<Issue> checkpoint && cut < whole.size() - 1) {
                    List<Message<Issue>> rest = repositories.read(ALL_ISSUES, checkpoint.state());

                    assertThat(records(rest))
                            .as("after message %d", cut)
                            .isEqualTo(records(whole.subList(cut, whole.size())));
                }
            }
        }
    }

    @Test
    void emitsNothingAfterACancel() {
        try (Repositories repositories = Repositories.of(4, 25)) {
            Flux<Issue> some =
                    ALL_ISSUES.concurrency(2).records(repositories.connector()).take(5);

            StepVerifier.create(some).expectNextCount(5).verifyComplete();
        }
    }

    @Test
    void recordsAreWhatADecoderMakesOfAResponse() { // A5
        try (TestServer server =
                        Route.fixed(200, "application/json", "{\"data\":[1,2]}").start();
                Connector connector = Connector.builder(server.url()).build()) {
            RecordStream<JsonNode> one =
                    RecordStream.of("one", Endpoint.get("/").decode(Decoder.single(Codec.tree())));
            RecordStream<Integer> two = RecordStream.of("two", Endpoint.get("/").items("/data", Integer.class));

            StepVerifier.create(one.records(connector))
                    .expectNext(Json.tree("{\"data\":[1,2]}"))
                    .verifyComplete();
            StepVerifier.create(two.records(connector)).expectNext(1, 2).verifyComplete();
        }
    }
}
