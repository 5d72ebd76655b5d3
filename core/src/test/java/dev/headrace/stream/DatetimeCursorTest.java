package dev.headrace.stream;

import static dev.headrace.stream.Items.ids;
import static dev.headrace.stream.Repositories.ISSUES;
import static dev.headrace.stream.Repositories.START;
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

import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeRepositories;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Reading by times in the records. Rows A10, A39, A51, A52. */
class DatetimeCursorTest {

    private static final DatetimeCursor UPDATED =
            Cursor.datetime("/updated_at").startingAt(START).intoQuery("since");
    private static final RecordStream<Issue> ISSUES_OF_ONE =
            RecordStream.of("issues", ISSUES).slices(List.of(slice(1)));
    private static final DatetimeCursor AT = Cursor.datetime("/at").intoQuery("since");
    private static final RecordStream<JsonNode> ITEMS = Items.STREAM.cursor(AT);

    private static String since(Repositories repositories) {
        List<String> uris = repositories.uris();
        return uris.get(uris.size() - 1).replaceFirst(".*since=([^&]*).*", "$1").replace("%3A", ":");
    }

    private static List<Long> numbers(List<Message<Issue>> messages) {
        return records(messages).stream().map(Issue::number).toList();
    }

    @Test
    void asksForEverythingAtFirstUnlessItSaysWhereToBegin() {
        try (Items items = Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}")) {
            items.read(ITEMS);
            assertThat(items.asked("since")).isEmpty();

            items.read(ITEMS.cursor(AT.startingAt(START)));
            assertThat(items.asked("since")).isEqualTo("2024-01-01T00:00:00Z");
        }
    }

    @Test
    void looksBackOneSecondUnlessToldOtherwise() {
        try (Repositories repositories = Repositories.of(1, 5)) {
            JsonNode state = lastState(repositories.read(ISSUES_OF_ONE.cursor(UPDATED)));

            repositories.read(ISSUES_OF_ONE.cursor(UPDATED), state);
            assertThat(since(repositories)).isEqualTo("2024-01-01T00:04:59Z");
            repositories.read(ISSUES_OF_ONE.cursor(UPDATED.lookback(Duration.ZERO)), state);
            assertThat(since(repositories)).isEqualTo("2024-01-01T00:05:00Z");
            repositories.read(ISSUES_OF_ONE.cursor(UPDATED.lookback(ofMinutes(3))), state);
            assertThat(since(repositories)).isEqualTo("2024-01-01T00:02:00Z");
            // Not further than to where the stream begins.
            repositories.read(ISSUES_OF_ONE.cursor(UPDATED.lookback(ofSeconds(Long.MAX_VALUE))), state);
            assertThat(since(repositories)).isEqualTo("2024-01-01T00:00:00Z");
        }
    }

    @Test
    void findsByItsLookbackWhatAppearsLate() {
        try (Repositories repositories = Repositories.of(1, 5)) {
            RecordStream<Issue> stream =
                    ISSUES_OF_ONE.cursor(UPDATED.lookback(ofHours(1))).key("/number");
            JsonNode state = lastState(repositories.read(stream));

            repositories.api().add("o", "r1", START.plus(ofMinutes(2)));
            List<Message<Issue>> second = repositories.read(stream, state);

            assertThat(numbers(second)).containsExactly(6L);
            assertThat(numbers(repositories.read(stream, lastState(second)))).isEmpty();
        }
    }

    @Test
    void leavesOutWhatHasNotChangedIfThereIsAKey() {
        try (Items items =
                Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}", "{'id':2,'at':'2024-01-01T00:00:00Z','v':1}")) {
            RecordStream<JsonNode> keyed = ITEMS.key("/id");
            JsonNode state = lastState(items.read(keyed));
            assertThat(ids(items.read(keyed, state))).isEmpty();

            items.become(
                    "{'id':1,'at':'2024-01-01T00:00:00Z'}",
                    "{'id':2,'at':'2024-01-01T00:00:00Z','v':2}",
                    "{'id':3,'at':'2024-01-01T00:00:00Z'}");
            // Changed, and new, within the second that has been read.
            List<Message<JsonNode>> changed = items.read(keyed, state);
            assertThat(ids(changed)).containsExactly(2, 3);
            assertThat(ids(items.read(keyed, lastState(changed)))).isEmpty();
        }
    }

    @Test
    void leavesOutNothingWithoutAKey() {
        try (Items items = Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}")) {
            JsonNode state = lastState(items.read(ITEMS));

            assertThat(ids(items.read(ITEMS, state))).containsExactly(1);
        }
    }

    @Test
    void remembersWhatHasNotChangedThoughNothingCame() {
        try (Items items = Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}")) {
            RecordStream<JsonNode> keyed = ITEMS.key("/id");
            JsonNode first = lastState(items.read(keyed));
            items.become();
            JsonNode second = lastState(items.read(keyed, first));
            items.become("{'id':1,'at':'2024-01-01T00:00:00Z'}");

            assertThat(ids(items.read(keyed, second))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1704067205             | 1704067205",
                "\"'2024-01-01T00:00:05Z'\" | 1704067205",
                "\"'1704067205'\"        | 1704067205",
            })
    void writesSecondsAndReadsThemOrIso(String value, String since) {
        try (Items items = Items.of("{'id':1,'at':" + value + "}")) {
            RecordStream<JsonNode> stream =
                    ITEMS.cursor(AT.format(TimeFormat.epochSeconds()).lookback(Duration.ZERO));
            items.read(stream, lastState(items.read(stream)));

            assertThat(items.asked("since")).isEqualTo(since);
        }
    }

    @Test
    void writesAPatternInAZone() {
        try (Items items = Items.of("{'id':1,'at':'01.07.2024 12:00'}")) {
            TimeFormat format = TimeFormat.pattern("dd.MM.yyyy HH:mm").zone(ZoneId.of("Europe/Berlin"));
            RecordStream<JsonNode> stream = ITEMS.cursor(AT.format(format).lookback(ofHours(1)));
            JsonNode state = lastState(items.read(stream));
            assertThat(state.at("/slices/0/cursor")).isEqualTo(json("'2024-07-01T10:00:00Z'"));

            items.read(stream, state);
            assertThat(items.asked("since")).isEqualTo("01.07.2024 11:00");
        }
    }

    @Test
    void readsTheFirstFormatThatFits() {
        DatetimeCursor cursor =
                AT.parsing(TimeFormat.epochMillis(), TimeFormat.pattern("yyyy/MM/dd"), TimeFormat.iso());

        assertThat(cursor.of(json("1704067200000"))).contains(new Position.Time(START));
        assertThat(cursor.of(json("'2024/01/01'"))).contains(new Position.Time(START));
        assertThat(cursor.of(json("'2024-01-01T01:00:00+01:00'"))).contains(new Position.Time(START));
        assertThat(cursor.of(json("'yesterday'"))).isEmpty();
        // Said formats are all there are.
        assertThat(AT.parsing(TimeFormat.epochMillis()).of(json("'2024-01-01T00:00:00Z'")))
                .isEqualTo(Optional.empty());
    }

    @Test
    void saysOncePerSliceThatRecordsHaveNoTime() {
        try (Items items = Items.of(
                "{'id':1}", "{'id':2,'at':null}", "{'id':3,'at':'soon'}", "{'id':4,'at':'2024-01-01T00:00:00Z'}")) {
            RecordStream<JsonNode> stream = ITEMS.slices(List.of(Slice.of("a", 1), Slice.of("a", 2)));
            List<Message<JsonNode>> messages = items.read(stream);

            assertThat(ids(messages)).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
            assertThat(notices(messages)).containsExactly(Notice.Kind.CURSOR_MISSING, Notice.Kind.CURSOR_MISSING);
            assertThat(lastState(messages).at("/slices/0/cursor")).isEqualTo(json("'2024-01-01T00:00:00Z'"));
        }
    }

    @Test
    void aBeginningBehindThePositionSkipsNothing() {
        try (Items items = Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}")) {
            JsonNode state = lastState(items.read(ITEMS));

            items.read(
                    ITEMS.cursor(Cursor.datetime("/at")
                            .intoQuery("since")
                            .startingAt(Instant.parse("2024-03-01T00:00:00Z"))),
                    state);

            assertThat(items.asked("since")).isEqualTo("2023-12-31T23:59:59Z");
        }
    }

    @Test
    void neverTakesATimeAheadOfTheClockForItsPosition() {
        Instant now = Instant.parse("2024-06-01T12:00:00Z");
        try (Items items = Items.of("{'id':1,'at':'2999-01-01T00:00:00Z'}", "{'id':2,'at':'2024-01-01T00:00:00Z'}")) {
            List<Message<JsonNode>> messages = items.read(ITEMS.clock(() -> now));

            assertThat(ids(messages)).containsExactly(1, 2);
            assertThat(lastState(messages).at("/slices/0/cursor")).isEqualTo(json("'2024-01-01T00:00:00Z'"));
        }
    }

    @Test
    void neverGoesBack() {
        try (Items items = Items.of("{'id':1,'at':'2024-01-02T00:00:00Z'}")) {
            JsonNode state = lastState(items.read(ITEMS));
            items.become("{'id':2,'at':'2024-01-01T00:00:00Z'}");

            assertThat(lastState(items.read(ITEMS, state)).at("/slices/0/cursor"))
                    .isEqualTo(json("'2024-01-02T00:00:00Z'"));
        }
    }

    @Test
    void leavesOutWhatIsBeforeItOnThisSideIfTold() {
        try (Items items =
                Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}", "{'id':2,'at':'2023-12-31T23:59:59Z'}", "{'id':3}")) {
            RecordStream<JsonNode> stream =
                    ITEMS.cursor(Cursor.datetime("/at").startingAt(START).clientSide());
            List<Message<JsonNode>> first = items.read(stream);
            assertThat(ids(first)).containsExactly(1, 3);
            assertThat(items.asked("since")).isEmpty();

            items.become("{'id':1,'at':'2024-01-01T00:00:00Z'}", "{'id':4,'at':'2024-01-02T00:00:00Z'}");
            List<Message<JsonNode>> second = items.read(stream, lastState(first));
            assertThat(ids(second)).containsExactly(1, 4);
            // A day later: the first lies before the lookback.
            assertThat(ids(items.read(stream, lastState(second)))).containsExactly(4);
        }
    }

    @Test
    void asksForWindowsUntilNowAndLeavesOutNothing() {
        Instant now = START.plus(ofDays(2)).plus(ofHours(12));
        try (Repositories repositories = Repositories.of(1, 3_000)) {
            RecordStream<Issue> stream = ISSUES_OF_ONE
                    .cursor(UPDATED.untilQuery("until"))
                    .windows(TimeWindows.of(ofDays(1)))
                    .key("/number")
                    .clock(() -> now);
            List<Message<Issue>> messages = repositories.read(stream);

            assertThat(numbers(messages)).hasSize(3_000).doesNotHaveDuplicates();
            assertThat(repositories.uris().stream()
                            .map(uri -> uri.replaceAll(".*since=([^&]*)&until=([^&]*).*", "$1 $2"))
                            .map(uri -> uri.replace("%3A", ":"))
                            .distinct())
                    .containsExactly(
                            "2024-01-01T00:00:00Z 2024-01-02T00:00:00Z",
                            "2024-01-02T00:00:00Z 2024-01-03T00:00:00Z",
                            "2024-01-03T00:00:00Z 2024-01-03T12:00:00Z");
        }
    }

    @Test
    void readsTheLastWindowAgainUntilItHasRecords() {
        try (Repositories repositories = new Repositories(FakeRepositories.of(1, 0))) {
            RecordStream<Issue> stream = ISSUES_OF_ONE
                    .cursor(UPDATED.untilQuery("until").lookback(Duration.ZERO))
                    .windows(TimeWindows.of(ofDays(1)))
                    .key("/number");
            List<Message<Issue>> first = repositories.read(stream.clock(() -> START.plus(ofHours(36))));
            assertThat(numbers(first)).isEmpty();
            // All but the last window has been read, where there may be something yet.
            assertThat(lastState(first).at("/slices/0/cursor")).isEqualTo(json("'2024-01-02T00:00:00Z'"));

            repositories.api().add("o", "r1", START.plus(ofHours(30)));
            List<Message<Issue>> second =
                    repositories.read(stream.clock(() -> START.plus(ofHours(40))), lastState(first));
            assertThat(numbers(second)).containsExactly(1L);
            assertThat(lastState(second).at("/slices/0/cursor")).isEqualTo(json("'2024-01-02T06:00:00Z'"));
        }
    }

    @Test
    void asksForNothingWhenNoTimeHasPassedAndForgetsNothing() {
        try (Repositories repositories = Repositories.of(1, 1)) {
            RecordStream<Issue> stream = ISSUES_OF_ONE
                    .cursor(UPDATED.untilQuery("until").lookback(Duration.ZERO))
                    .windows(TimeWindows.of(ofDays(1)))
                    .key("/number")
                    .clock(() -> START.plus(ofMinutes(1)));
            // The clock says the very time of the record, which the exclusive end leaves out.
            JsonNode first = lastState(repositories.read(stream.clock(() -> START.plus(ofMinutes(2)))));
            int requests = repositories.uris().size();

            List<Message<Issue>> second = repositories.read(stream, first);
            assertThat(numbers(second)).isEmpty();
            assertThat(repositories.uris()).hasSize(requests);
            assertThat(lastState(second).path("slices")).isEqualTo(first.path("slices"));
        }
    }

    @Test
    void namesTheBoundsOfWindowsInTheTemplate() {
        Endpoint<Issue> byTemplate = Endpoint.get("/repos/{owner}/{repo}/issues?since={from}&until={to}")
                .query("sort", "updated")
                .paginate(Pagination.linkHeader())
                .items(Issue.class);
        try (Repositories repositories = Repositories.of(1, 2_000)) {
            RecordStream<Issue> stream = RecordStream.of("issues", byTemplate)
                    .slices(List.of(slice(1)))
                    .cursor(Cursor.datetime("/updated_at").startingAt(START))
                    .windows(
                            TimeWindows.of(ofDays(1)).inclusiveEnd(ofSeconds(1)).as("from", "to"))
                    .clock(() -> START.plus(ofHours(30)));
            List<Message<Issue>> messages = repositories.read(stream);

            // The fake's end is exclusive all the same, but no record lies on a last second.
            assertThat(numbers(messages)).hasSize(30 * 60 - 1).doesNotHaveDuplicates();
            assertThat(repositories.uris())
                    .anyMatch(uri -> uri.contains("since=2024-01-01T00%3A00%3A00Z&until=2024-01-01T23%3A59%3A59Z"))
                    .anyMatch(uri -> uri.contains("since=2024-01-02T00%3A00%3A00Z&until=2024-01-02T05%3A59%3A59Z"));
            // Not part of what progress is kept under.
            assertThat(lastState(messages).at("/slices/0/slice")).isEqualTo(slice(1).json());
        }
    }

    @Test
    void refusesWindowsThatNoRequestWouldAskFor() {
        assertThatThrownBy(() -> ITEMS.windows(TimeWindows.of(ofDays(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("startingAt");
        assertThatThrownBy(() -> ITEMS.cursor(AT.startingAt(START)).windows(TimeWindows.of(ofDays(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("until(…)");
        assertThatThrownBy(() -> Items.STREAM.cursor(Cursor.incrementing("/id")).windows(TimeWindows.of(ofDays(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cursor of times");
    }

    @Test
    void filtersWindowsOnThisSideIfTold() {
        try (Items items = Items.of(
                "{'id':1,'at':'2024-01-01T00:00:00Z'}",
                "{'id':2,'at':'2024-01-02T00:00:00Z'}",
                "{'id':3,'at':'2024-01-02T23:00:00Z'}")) {
            RecordStream<JsonNode> stream = ITEMS.cursor(
                            Cursor.datetime("/at").startingAt(START).clientSide())
                    .windows(TimeWindows.of(ofDays(1)))
                    .clock(() -> START.plus(ofDays(2)));

            assertThat(ids(items.read(stream))).containsExactly(1, 2, 3);
        }
    }

    @Test
    void putsItsBoundsWhereTheyGo() {
        RecordStream<JsonNode> stream =
                ITEMS.cursor(Cursor.datetime("/at").startingAt(START).into(Placement.query("filter[gte]")));
        try (Items items = Items.of()) {
            items.read(stream);
            assertThat(items.asked("filter[gte]")).isEqualTo("2024-01-01T00:00:00Z");
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> AT.lookback(ofSeconds(-1))).hasMessageContaining("lookback");
        assertThatThrownBy(AT::parsing).hasMessageContaining("parsing");
        assertThatThrownBy(() -> Cursor.datetime("at")).isInstanceOf(IllegalArgumentException.class);
        assertThat(AT.startingAt(START))
                .hasToString("Cursor[/at, a time from 2024-01-01T00:00:00Z, looking back PT1S]");
    }
}
