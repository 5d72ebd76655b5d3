package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ISSUES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Repositories.slice;
import static dev.headrace.stream.Trees.json;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeHubSpot;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Walls behind which a remote shows no more records of one query. Rows A10, A49. */
class ResultWindowTest {

    private static final DatetimeCursor UPDATED =
            Cursor.datetime("/updated_at").startingAt(START).intoQuery("since").untilQuery("until");

    // By number, so that an issue that was touched is anywhere.
    private static final RecordStream<Issue> HALVING = RecordStream.of("issues", ISSUES.replaceQuery("sort", "created"))
            .slices(List.of(slice(1)))
            .cursor(UPDATED)
            .resultWindow(ResultWindow.of(50))
            .key("/number")
            .clock(() -> START.plus(ofDays(1)));

    private static final RecordStream<Issue> ASCENDING = RecordStream.of("issues", ISSUES)
            .slices(List.of(slice(1)))
            .cursor(UPDATED.ascending())
            .resultWindow(ResultWindow.of(50))
            .key("/number");

    private static List<Long> numbers(List<Message<Issue>> messages) {
        return records(messages).stream().map(Issue::number).toList();
    }

    private static Long[] upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toArray(Long[]::new);
    }

    private static Repositories walled(int issues) {
        return new Repositories(FakeRepositories.of(1, issues).resultWall(50));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 49, 50})
    void leavesSlicesWholeThatDoNotReachIt(int issues) {
        try (Repositories repositories = walled(issues)) {
            List<Message<Issue>> messages = repositories.read(HALVING);

            assertThat(numbers(messages)).containsExactly(upTo(issues));
            assertThat(notices(messages)).isEmpty();
        }
    }

    @Test
    void goesOnBehindTheLastRecordIfTheyAreAscending() {
        try (Repositories repositories = walled(230)) {
            List<Message<Issue>> messages = repositories.read(ASCENDING);

            assertThat(numbers(messages)).containsExactly(upTo(230));
            assertThat(notices(messages)).hasSize(4).containsOnly(Notice.Kind.SLICE_SPLIT);
            assertThat(lastState(messages).at("/slices/0/cursor")).isEqualTo(json("'2024-01-01T03:50:00Z'"));
        }
    }

    @Test
    void halvesOtherwiseAndEmitsEachRecordOnce() {
        try (Repositories repositories = walled(1_000)) {
            List<Message<Issue>> messages = repositories.read(HALVING);

            assertThat(numbers(messages)).containsExactlyInAnyOrder(upTo(1_000));
            assertThat(notices(messages)).isNotEmpty().containsOnly(Notice.Kind.SLICE_SPLIT);
            assertThat(lastState(messages).at("/slices/0/cursor")).isEqualTo(json("'2024-01-01T16:40:00Z'"));
        }
    }

    @Test
    void halvesWithoutLossIfThereIsNoKey() {
        RecordStream<Issue> keyless = RecordStream.of("issues", ISSUES)
                .slices(List.of(slice(1)))
                .cursor(UPDATED)
                .resultWindow(ResultWindow.of(50));
        try (Repositories repositories = walled(230)) {
            assertThat(new HashSet<>(numbers(repositories.read(keyless)))).isEqualTo(Set.of(upTo(230)));
        }
    }

    @Test
    void takesStatusesForItToo() {
        RecordStream<Issue> byStatus =
                HALVING.resultWindow(ResultWindow.of(1_000_000).statuses(422));
        // 10 a page: the wall is met in the middle of one.
        try (Repositories repositories =
                new Repositories(FakeRepositories.of(1, 200).resultWall(45))) {
            assertThat(numbers(repositories.read(byStatus))).containsExactlyInAnyOrder(upTo(200));
            assertThat(numbers(repositories.read(
                            ASCENDING.resultWindow(ResultWindow.of(1_000_000).statuses(422)))))
                    .containsExactly(upTo(200));
        }
    }

    @Test
    void readsOnlyNewRecordsNextTime() {
        try (Repositories repositories = walled(230)) {
            JsonNode state = lastState(repositories.read(HALVING));
            repositories.api().touch("o", "r1", 7, START.plus(ofMinutes(400)));

            assertThat(numbers(repositories.read(HALVING, state))).containsExactly(7L);
        }
    }

    @Test
    void dividesWindowsOfTime() {
        try (Repositories repositories = walled(300)) {
            RecordStream<Issue> stream = HALVING.windows(TimeWindows.of(ofHours(2)));
            for (int concurrency = 1; concurrency <= 3; concurrency += 2) {
                List<Message<Issue>> messages = repositories.read(stream.concurrency(concurrency));

                assertThat(numbers(messages)).containsExactlyInAnyOrder(upTo(300));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesNothingWhereverItIsCut(boolean ascending) {
        RecordStream<Issue> stream = ascending ? ASCENDING : HALVING;
        try (Repositories repositories = walled(150)) {
            List<Message<Issue>> whole = repositories.read(stream);
            for (int cut = 0; cut < whole.size(); cut++) {
                if (whole.get(cut) instanceof Checkpoint<Issue> checkpoint) {
                    JsonNode state = Json.tree(checkpoint.state().toString());
                    List<Message<Issue>> rest = repositories.read(stream, state);
                    Set<Long> all = new HashSet<>(numbers(whole.subList(0, cut)));
                    all.addAll(numbers(rest));

                    assertThat(all).as("cut after %d", cut).containsExactlyInAnyOrder(upTo(150));
                    assertThat(lastState(rest).at("/slices/0/cursor")).isEqualTo(json("'2024-01-01T02:30:00Z'"));
                }
            }
        }
    }

    @Test
    void failsIfAPartCannotBeDivided() {
        FakeRepositories api = FakeRepositories.of(1, 0).resultWall(50);
        for (int issue = 0; issue < 60; issue++) {
            api.add("o", "r1", START.plusSeconds(7));
        }
        try (Repositories repositories = new Repositories(api)) {
            for (RecordStream<Issue> stream : List.of(HALVING, ASCENDING)) {
                assertThatThrownBy(() -> repositories.read(stream))
                        .isInstanceOfSatisfying(
                                HeadraceException.class,
                                failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA))
                        .hasMessageContaining("cannot be read whole")
                        .hasMessageContaining("\"r1\"");
            }
        }
    }

    @Test
    void failsIfItDoesNotKnowWhereToBegin() {
        try (Repositories repositories = walled(60)) {
            RecordStream<Issue> stream = HALVING.cursor(
                    Cursor.datetime("/updated_at").intoQuery("since").untilQuery("until"));

            assertThatThrownBy(() -> repositories.read(stream)).hasMessageContaining("startingAt(…)");
        }
    }

    @Test
    void refusesSettingsByWhichNoPartCouldBeAskedFor() {
        RecordStream<Issue> stream = RecordStream.of("issues", ISSUES);
        ResultWindow wall = ResultWindow.of(50);

        assertThatThrownBy(() -> stream.resultWindow(wall)).hasMessageContaining("needs a cursor");
        assertThatThrownBy(() ->
                        stream.cursor(Cursor.datetime("/u").intoQuery("since")).resultWindow(wall))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("until(…)");
        assertThatThrownBy(() ->
                        stream.cursor(Cursor.incrementing("/id").ascending()).resultWindow(wall))
                .hasMessageContaining("into(…)");
        assertThatThrownBy(() -> ResultWindow.of(0)).hasMessageContaining("items");
    }

    // A search with the bounds in its body, as HubSpot has it.
    private static Endpoint<JsonNode> search(String sort) {
        String modified = "'propertyName':'lastmodifieddate'";
        return Endpoint.of(Request.post("/crm/v3/objects/contacts/search")
                        .json(json("{'filterGroups':[{'filters':[{" + modified + ",'operator':'GTE','value':'0'},{"
                                + modified + ",'operator':'LT','value':'9999999999999'}]}],'sorts':['" + sort + "']}")))
                .paginate(Pagination.cursor("/paging/next/after", Placement.body("/after"))
                        .pageSize(Placement.body("/limit"), 10))
                .at("/results");
    }

    private static final DatetimeCursor MODIFIED = Cursor.datetime("/properties/lastmodifieddate")
            .startingAt(Instant.parse("2024-01-01T00:00:00Z"))
            .format(TimeFormat.epochMillis())
            .into(Placement.body("/filterGroups/0/filters/0/value"))
            .until(Placement.body("/filterGroups/0/filters/1/value"));

    @ParameterizedTest
    @ValueSource(strings = {"lastmodifieddate", "-lastmodifieddate"})
    void readsASearchBehindItsWall(String sort) {
        FakeHubSpot api = FakeHubSpot.objects("contacts", FakeHubSpot.contacts(173))
                .searchWall(50)
                .rateLimit(10_000, ofSeconds(10));
        RecordStream<JsonNode> contacts = RecordStream.of("contacts", search(sort))
                .cursor(sort.startsWith("-") ? MODIFIED : MODIFIED.ascending())
                .resultWindow(ResultWindow.of(50).statuses(400))
                .key("/id")
                .clock(() -> START.plus(ofDays(1)));
        try (TestServer server = api.start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.defaults().maxRetries(0))
                        .build()) {
            List<Message<JsonNode>> messages = all(contacts.read(connector));

            List<Integer> ids = new ArrayList<>(Items.ids(messages));
            assertThat(ids).hasSize(173).doesNotHaveDuplicates();
            assertThat(notices(messages)).isNotEmpty().containsOnly(Notice.Kind.SLICE_SPLIT);
            assertThat(lastState(messages).at("/slices/0/cursor")).isEqualTo(json("'2024-01-01T02:53:00Z'"));
            assertThat(records(all(contacts.read(connector, lastState(messages)))))
                    .isEmpty();
        }
    }

    /** An API that compares by "later than", and a wall between records of the same time. */
    @Test
    void losesNoRecordOfTheSameSecondBehindTheWall() {
        List<String> triples = IntStream.range(0, 120)
                .mapToObj(n -> json("{'id':" + n + ",'properties':{'lastmodifieddate':'" + START.plusSeconds(60 + n / 3)
                                + "'}}")
                        .toString())
                .toList();
        Endpoint<JsonNode> later = search("lastmodifieddate")
                .request(request -> request.replaceInBody(
                        "/filterGroups/0/filters/0/operator", JsonNodeFactory.instance.stringNode("GT")));
        RecordStream<JsonNode> contacts = RecordStream.of("contacts", later)
                .cursor(MODIFIED.ascending())
                .resultWindow(ResultWindow.of(50).statuses(400))
                .key("/id");
        try (TestServer server =
                        FakeHubSpot.objects("contacts", triples).searchWall(50).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.defaults().maxRetries(0))
                        .build()) {
            assertThat(Items.ids(all(contacts.read(connector))))
                    .isEqualTo(IntStream.range(0, 120).boxed().toList());
            // Who says that the API includes its bound is believed.
            assertThat(records(all(contacts.cursor(MODIFIED.ascending().lookback(Duration.ZERO))
                            .read(connector))))
                    .hasSizeLessThan(120);
        }
    }
}
