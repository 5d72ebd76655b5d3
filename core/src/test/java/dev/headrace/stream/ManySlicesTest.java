package dev.headrace.stream;

import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Endpoint;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.Repositories.Issue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** More slices than states are kept for, and records that come while the run is under way. */
class ManySlicesTest {

    private static final Instant NOW = START.plus(Duration.ofHours(1));

    private static final RecordStream<Issue> ISSUES = RecordStream.of("issues", Repositories.ISSUES)
            .slices(slices(5))
            .key("/repository", "/number")
            .cursor(Cursor.datetime("/updated_at").startingAt(START).intoQuery("since"))
            .clock(() -> NOW);

    private static List<Slice> slices(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Repositories::slice).toList();
    }

    private static Instant minutes(int minutes) {
        return NOW.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void goesOnFromOnePositionForAllSlicesAndBackToOneForEach() {
        try (Repositories repositories = Repositories.of(5, 3)) {
            repositories.api().touch("o", "r4", 3, minutes(-30));
            RecordStream<Issue> few = ISSUES.maxSliceStates(3);

            List<Message<Issue>> first = repositories.read(few);

            assertThat(records(first)).hasSize(15);
            assertThat(notices(first)).containsExactly(Notice.Kind.STATE_SHORTENED);
            assertThat(first.stream().filter(Notice.class::isInstance))
                    .extracting(notice -> ((Notice<?>) notice).text())
                    .containsExactly(
                            "Stream 'issues' has 5 slices, and keeps the progress of each for at most 3; the next run goes"
                                    + " on from \"2024-01-01T00:30:00Z\" in all of them");
            JsonNode state = lastState(first);
            assertThat(state)
                    .isEqualTo(
                            Json.tree(
                                    "{\"version\":1,\"stream\":\"issues\",\"by\":\"/updated_at\",\"cursor\":\"2024-01-01T00:30:00Z\"}"));

            repositories.api().touch("o", "r2", 1, minutes(-10));
            repositories.api().add("o", "r5", minutes(-20));
            int before = repositories.uris().size();
            List<Message<Issue>> second = repositories.read(few, state);

            // The latest record of the run before is met again: nobody remembers it.
            assertThat(records(second))
                    .extracting(ManySlicesTest::name)
                    .containsExactlyInAnyOrder("r2/1", "r4/3", "r5/4");
            assertThat(repositories.uris().subList(before, before + 5))
                    .allMatch(uri -> uri.contains("since=2024-01-01T00%3A29%3A59Z"));
            assertThat(notices(second)).containsExactly(Notice.Kind.STATE_SHORTENED);
            assertThat(lastState(second).path("cursor").stringValue()).isEqualTo("2024-01-01T00:50:00Z");

            repositories.api().touch("o", "r3", 2, minutes(-5));
            List<Message<Issue>> third = repositories.read(few.slices(slices(3)), lastState(second));

            assertThat(records(third)).extracting(ManySlicesTest::name).containsExactlyInAnyOrder("r2/1", "r3/2");
            assertThat(notices(third)).isEmpty();
            assertThat(lastState(third).has("cursor")).isFalse();
            assertThat(lastState(third)
                            .path("slices")
                            .valueStream()
                            .map(slice -> slice.path("cursor").stringValue()))
                    .containsExactly("2024-01-01T00:50:00Z", "2024-01-01T00:50:00Z", "2024-01-01T00:55:00Z");
            assertThat(records(repositories.read(few.slices(slices(3)), lastState(third))))
                    .isEmpty();
        }
    }

    @Test
    void keepsInTheStateOfARunUnderWayNoMoreSlicesThatAreDone() {
        try (Repositories repositories = Repositories.of(5, 3)) {
            for (Message<Issue> message : repositories.read(ISSUES.maxSliceStates(2))) {
                if (message instanceof Checkpoint<Issue> checkpoint) {
                    assertThat(checkpoint.state().path("slices").valueStream().filter(slice -> slice.has("done")))
                            .hasSizeLessThanOrEqualTo(2);
                }
            }
        }
    }

    @Test
    void beginsWithTheLowestNumberOfAllSlicesSinceTheirNumbersAreTheirOwn() {
        try (Repositories repositories = Repositories.of(3, 3)) {
            repositories.api().add("o", "r1", NOW);
            RecordStream<Issue> numbered = RecordStream.of("issues", Repositories.ISSUES)
                    .slices(slices(3))
                    .cursor(Cursor.incrementing("/number").clientSide())
                    .maxSliceStates(2);

            JsonNode state = lastState(repositories.read(numbered));

            assertThat(state)
                    .isEqualTo(Json.tree("{\"version\":1,\"stream\":\"issues\",\"by\":\"/number\",\"cursor\":3}"));
            repositories.api().add("o", "r2", NOW);
            assertThat(records(repositories.read(numbered, state)))
                    .extracting(ManySlicesTest::name)
                    .containsExactlyInAnyOrder("r1/4", "r2/4");
        }
    }

    @Test
    void keepsAllStatesIfThereIsNoPositionThatMissesNothing() {
        try (Repositories repositories = Repositories.of(3, 0)) {
            repositories.api().add("o", "r1", NOW);
            List<Message<Issue>> messages = repositories.read(RecordStream.of("issues", Repositories.ISSUES)
                    .slices(slices(3))
                    .cursor(Cursor.incrementing("/number").clientSide())
                    .maxSliceStates(2));

            assertThat(notices(messages)).isEmpty();
            assertThat(lastState(messages).has("cursor")).isFalse();
            assertThat(lastState(messages).path("slices")).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void missesNothingThatComesWhileTheRunIsUnderWay(int concurrency) {
        try (Repositories repositories = Repositories.of(5, 3)) {
            RecordStream<Issue> few = ISSUES.maxSliceStates(2).concurrency(concurrency);
            List<Message<Issue>> first = all(few.read(repositories.connector()).doOnNext(message -> {
                if (message instanceof Checkpoint<Issue> checkpoint
                        && checkpoint.state().toString().contains("\"done\"")) {
                    changeOnce(repositories, "r1", "r5");
                }
            }));

            List<Issue> seen = new ArrayList<>(records(first));
            seen.addAll(records(repositories.read(few.clock(() -> minutes(20)), lastState(first))));

            assertThat(seen).extracting(ManySlicesTest::name).contains("r1/4", "r5/4");
        }
    }

    private final List<String> changed = new ArrayList<>();

    /** A record for a slice that has been read, and then a later one for one that will be. */
    private void changeOnce(Repositories repositories, String done, String toCome) {
        if (changed.isEmpty()) {
            changed.add(done);
            repositories.api().add("o", done, minutes(1));
            repositories.api().add("o", toCome, minutes(10));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10})
    void missesNothingThatComesBetweenRunsThatAreCutOff(int maxSliceStates) {
        try (Repositories repositories = Repositories.of(5, 3)) {
            RecordStream<Issue> stream = ISSUES.maxSliceStates(maxSliceStates);
            JsonNode cut = afterDone(all(stream.read(repositories.connector())), 2);
            repositories.api().add("o", "r1", minutes(1));
            repositories.api().add("o", "r5", minutes(50));

            List<Message<Issue>> second = repositories.read(stream.clock(() -> minutes(60)), cut);
            assertThat(records(second))
                    .extracting(ManySlicesTest::name)
                    .contains("r5/4")
                    .doesNotContain("r1/4");
            List<Message<Issue>> third = repositories.read(stream.clock(() -> minutes(120)), lastState(second));

            assertThat(records(third)).extracting(ManySlicesTest::name).contains("r1/4");
        }
    }

    @Test
    void missesNothingThatChangesOnAPageThatARunBeforeTheCutHasRead() {
        // By number, so what has changed stays where it is.
        RecordStream<Issue> byNumber = RecordStream.of(
                        "issues",
                        Endpoint.get("/repos/o/r1/issues")
                                .query("per_page", 2)
                                .paginate(Pagination.linkHeader())
                                .items(Issue.class))
                .key("/number")
                .cursor(Cursor.datetime("/updated_at").startingAt(START).intoQuery("since"));
        try (Repositories repositories = Repositories.of(1, 6)) {
            JsonNode cut = lastState(
                    all(byNumber.clock(() -> NOW).read(repositories.connector()).take(3)));
            repositories.api().touch("o", "r1", 1, minutes(1));
            repositories.api().touch("o", "r1", 6, minutes(50));

            List<Message<Issue>> second = repositories.read(byNumber.clock(() -> minutes(60)), cut);
            assertThat(records(second)).extracting(Issue::number).containsExactly(3L, 4L, 5L, 6L);
            List<Message<Issue>> third = repositories.read(byNumber.clock(() -> minutes(120)), lastState(second));

            assertThat(records(third)).extracting(Issue::number).containsExactly(1L);
            assertThat(records(repositories.read(byNumber, lastState(third)))).isEmpty();
        }
    }

    @Test
    void keepsTheOnePositionWhileParentsThatHaveNotChangedAreNotVisited() {
        RecordStream<Issue> children =
                ISSUES.parent(StreamCutTest.CHANGED_PARENTS).maxSliceStates(3);
        try (Repositories repositories = Repositories.of(5, 3)) {
            JsonNode first = lastState(repositories.read(children));
            repositories.api().touch("o", "r1", 1, minutes(-10));
            JsonNode second = lastState(repositories.read(children, first));
            repositories.api().touch("o", "r2", 1, minutes(-5));

            List<Message<Issue>> third = repositories.read(children, second);

            assertThat(records(third))
                    .extracting(ManySlicesTest::name)
                    .contains("r2/1")
                    .doesNotContain("r2/2");
        }
    }

    /** The first state in which so many slices are done. */
    private static JsonNode afterDone(List<Message<Issue>> messages, int slices) {
        return messages.stream()
                .filter(Checkpoint.class::isInstance)
                .map(message -> ((Checkpoint<Issue>) message).state())
                .filter(state -> state.path("slices")
                                .valueStream()
                                .filter(slice -> slice.has("done"))
                                .count()
                        == slices)
                .findFirst()
                .orElseThrow();
    }

    private static String name(Issue issue) {
        return issue.repository().replace("o/", "") + "/" + issue.number();
    }
}
