package dev.headrace.stream;

import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Endpoint;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.stream.Repositories.Repository;
import dev.headrace.test.FakeRepositories;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Streams of each kind are cut behind each of their messages and read on from the last checkpoint, as text: nothing is missing, and of each
 * slice that was under way at most a page comes again.
 */
class StreamCutTest {

    static final int PAGE = 2;
    private static final boolean SOAK = Boolean.getBoolean("headrace.soak");
    static final int REPOSITORIES = SOAK ? 4 : 3;
    static final int ISSUES_EACH = SOAK ? 7 : 5;
    private static final List<Integer> CHANGED = SOAK ? List.of(1, 3, 4) : List.of(1, 3);
    private static final int CHANGES_EACH = SOAK ? 5 : 3;
    static final Instant FIRST = START.plus(Duration.ofHours(10));
    static final Instant LATER = START.plus(Duration.ofDays(1));
    static final Instant NOW = START.plus(Duration.ofDays(2));

    private static final Endpoint<Issue> ISSUES = Endpoint.get("/repos/{owner}/{repo}/issues")
            .query("sort", "updated")
            .query("per_page", PAGE)
            .paginate(Pagination.linkHeader())
            .items(Issue.class);

    static final RecordStream<Repository> PARENTS = RecordStream.of(
                    "repositories",
                    Endpoint.get("/user/repos")
                            .query("sort", "updated")
                            .query("per_page", PAGE)
                            .paginate(Pagination.linkHeader())
                            .items(Repository.class))
            .clock(() -> NOW);

    static final DatetimeCursor UPDATED =
            Cursor.datetime("/updated_at").startingAt(START).intoQuery("since").untilQuery("until");

    static final RecordStream<Issue> WHOLE = RecordStream.of("issues", ISSUES)
            .clock(() -> NOW)
            .slices(IntStream.rangeClosed(1, REPOSITORIES)
                    .mapToObj(Repositories::slice)
                    .toList());

    static final RecordStream<Issue> INCREMENTAL = WHOLE.cursor(UPDATED).key("/repository", "/number");

    static final ParentStream<Repository> CHANGED_PARENTS = ParentStream.of(
                    PARENTS.cursor(UPDATED).key("/name"), Repositories::slice)
            .incremental();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void fullRefresh(int concurrency) {
        cutEverywhere(WHOLE.concurrency(concurrency), false, concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void fullRefreshOfChildren(int concurrency) {
        cutEverywhere(
                WHOLE.parent(ParentStream.of(PARENTS, Repositories::slice)).concurrency(concurrency),
                false,
                concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void firstIncrementalRun(int concurrency) {
        cutEverywhere(INCREMENTAL.concurrency(concurrency), false, concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void incrementalRunAfterAnother(int concurrency) {
        cutEverywhere(INCREMENTAL.concurrency(concurrency), true, concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void windows(int concurrency) {
        RecordStream<Issue> stream =
                INCREMENTAL.windows(TimeWindows.of(Duration.ofHours(20))).concurrency(concurrency);
        cutEverywhere(stream, false, concurrency * PAGE);
        cutEverywhere(stream, true, concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void manyWindowsOfOneSlice(int concurrency) {
        RecordStream<Issue> stream = INCREMENTAL
                .clock(() -> START.plus(Duration.ofMinutes(ISSUES_EACH + 1)))
                .windows(TimeWindows.of(Duration.ofSeconds(150)))
                .concurrency(concurrency);
        cutEverywhere(stream, false, concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void incrementalParents(int concurrency) {
        RecordStream<Issue> stream = INCREMENTAL.parent(CHANGED_PARENTS).concurrency(concurrency);
        cutEverywhere(stream, false, concurrency * PAGE);
        cutEverywhere(stream, true, concurrency * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void wholeChildrenOfIncrementalParents(int concurrency) {
        RecordStream<Issue> stream = WHOLE.parent(CHANGED_PARENTS).concurrency(concurrency);
        cutEverywhere(stream, false, concurrency * PAGE);
        cutEverywhere(stream, true, concurrency * PAGE);
    }

    @Test
    void orderedRecordsWhosePageTokensExpire() {
        RecordStream<Issue> stream = INCREMENTAL.cursor(UPDATED.ascending()).pageTokensExpire();
        // The last record of the page before is met again.
        cutEverywhere(stream, false, PAGE + 1);
        cutEverywhere(stream, true, PAGE + 1);
        cutEverywhere(stream.windows(TimeWindows.of(Duration.ofMinutes(4))).clock(() -> minutes(8)), false, PAGE + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void resultWindowOfOrderedRecords(int concurrency) {
        RecordStream<Issue> stream = INCREMENTAL
                .cursor(UPDATED.ascending())
                .resultWindow(ResultWindow.of(2 * PAGE))
                .concurrency(concurrency);
        cutEverywhere(
                FakeRepositories.of(REPOSITORIES, ISSUES_EACH).resultWall(2 * PAGE),
                () -> {},
                stream,
                false,
                concurrency * (PAGE + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void resultWindowOfRecordsInAnyOrder(int concurrency) {
        RecordStream<Issue> stream = INCREMENTAL
                .clock(() -> minutes(ISSUES_EACH + 1))
                .resultWindow(ResultWindow.of(2 * PAGE).statuses(422))
                .concurrency(concurrency);
        // What was read before the wall was met is forgotten.
        cutEverywhere(
                FakeRepositories.of(REPOSITORIES, ISSUES_EACH).resultWall(2 * PAGE),
                () -> {},
                stream,
                false,
                concurrency * 2 * PAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void pagesThatExpireOnce(int concurrency) {
        AtomicBoolean armed = new AtomicBoolean(true);
        RecordStream<Issue> stream = INCREMENTAL.concurrency(concurrency);
        cutEverywhere(
                FakeRepositories.of(REPOSITORIES, ISSUES_EACH)
                        .expiringPages()
                        .when(request -> request.uri().contains("&page=3")
                                && request.uri().contains("/r2/")
                                && armed.compareAndSet(true, false))
                        .always(),
                () -> armed.set(true),
                stream,
                false,
                // A slice that is read again from its beginning after a cut has forgotten what it gave before.
                concurrency * PAGE + 2 * PAGE);
    }

    private static Instant minutes(int minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    private static void cutEverywhere(RecordStream<Issue> stream, boolean second, int mostAgain) {
        cutEverywhere(FakeRepositories.of(REPOSITORIES, ISSUES_EACH), () -> {}, stream, second, mostAgain);
    }

    private static void cutEverywhere(
            FakeRepositories api, Runnable before, RecordStream<Issue> stream, boolean second, int mostAgain) {
        try (Repositories repositories = new Repositories(api)) {
            JsonNode state = null;
            if (second) {
                state = text(lastState(repositories.read(stream.clock(() -> FIRST))));
                change(api);
            }
            before.run();
            int length = cut(repositories, stream, second, state, Integer.MAX_VALUE, mostAgain);
            assertThat(length).isGreaterThan(8);
            for (int messages = 1; messages < length; messages++) {
                before.run();
                cut(repositories, stream, second, state, messages, mostAgain);
            }
        }
    }

    /** Returns how many messages there were before the cut. */
    private static int cut(
            Repositories repositories,
            RecordStream<Issue> stream,
            boolean second,
            @Nullable JsonNode state,
            int messages,
            int mostAgain) {
        List<Message<Issue>> cut =
                all(stream.read(repositories.connector(), state).take(messages));
        List<Issue> read = new ArrayList<>(records(cut));
        JsonNode end = lastOf(cut, state);
        if (cut.size() == messages) {
            List<Message<Issue>> rest = repositories.read(stream, end);
            read.addAll(records(rest));
            end = text(lastState(rest));
        }
        List<String> names = read.stream().map(StreamCutTest::name).toList();
        List<String> expected = expected(second, stream);
        assertThat(new HashSet<>(names))
                .as("cut after %d messages: %s", messages, cut)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(names.size() - expected.size())
                .as("repeated after %d messages: %s", messages, cut)
                .isLessThanOrEqualTo(cut.size() == messages ? mostAgain : 0);
        if (stream.hasCursor()) {
            assertThat(records(repositories.read(stream, end)).size())
                    .as("a run in which nothing is new, after %d messages", messages)
                    .isLessThanOrEqualTo(cut.size() == messages ? REPOSITORIES : 0);
        }
        return cut.size();
    }

    private static void change(FakeRepositories api) {
        for (int repository : CHANGED) {
            for (int number = 1; number <= CHANGES_EACH; number++) {
                api.touch("o", "r" + repository, number, LATER.plus(Duration.ofMinutes(10L * repository + number)));
            }
        }
    }

    /** What a run gives; a second one gives what has changed, or all of what is not read incrementally. */
    private static List<String> expected(boolean second, RecordStream<Issue> stream) {
        boolean changesOnly = second && stream.hasCursor();
        return IntStream.rangeClosed(1, REPOSITORIES)
                .filter(repository -> !second || CHANGED.contains(repository))
                .boxed()
                .flatMap(repository -> IntStream.rangeClosed(1, changesOnly ? CHANGES_EACH : ISSUES_EACH)
                        .mapToObj(number -> "r" + repository + "/" + number))
                .toList();
    }

    static String name(Issue issue) {
        return issue.repository().replace("o/", "") + "/" + issue.number();
    }

    private static @Nullable JsonNode lastOf(List<Message<Issue>> messages, @Nullable JsonNode state) {
        JsonNode last = state;
        for (Message<Issue> message : messages) {
            if (message instanceof Checkpoint<Issue> checkpoint) {
                last = text(checkpoint.state());
            }
        }
        return last;
    }

    private static JsonNode text(JsonNode state) {
        return Json.tree(state.toString());
    }
}
