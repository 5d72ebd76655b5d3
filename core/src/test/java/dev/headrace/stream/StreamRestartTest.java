package dev.headrace.stream;

import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Endpoint;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeRepositories;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Slices that are read again because of their pages. */
class StreamRestartTest {

    private static final Instant NOW = START.plus(Duration.ofHours(1));

    private static final RecordStream<Issue> WHOLE = RecordStream.of(
                    "issues",
                    Endpoint.get("/repos/o/r1/issues")
                            .query("per_page", 2)
                            .paginate(Pagination.linkHeader())
                            .items(Issue.class))
            .key("/number")
            .clock(() -> NOW);

    private static final DatetimeCursor UPDATED =
            Cursor.datetime("/updated_at").startingAt(START).intoQuery("since").untilQuery("until");

    @Test
    void givesUpATokenThatNeverWorksAlthoughTheFirstPageDoes() {
        FakeRepositories api =
                FakeRepositories.of(1, 9).expiringPages().onPage(3).always();
        try (Repositories repositories = new Repositories(api)) {
            assertThatThrownBy(() -> repositories.read(
                            WHOLE.expiredPages(ExpiredPages.restartSlice().maxRestarts(2))))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            failure -> assertThat(failure.status()).isEqualTo(410));

            // Three pages, three times.
            assertThat(repositories.uris()).hasSize(9);
        }
    }

    @Test
    void goesOnRestartingASliceThatComesFurtherEachTime() {
        FakeRepositories api = FakeRepositories.of(1, 11);
        for (int page = 2; page <= 6; page++) {
            api = api.expiringPages().onPage(page).once();
        }
        try (Repositories repositories = new Repositories(api)) {
            List<Message<Issue>> messages = repositories.read(
                    WHOLE.expiredPages(ExpiredPages.restartSlice().maxRestarts(1)));

            assertThat(notices(messages)).hasSize(5).containsOnly(Notice.Kind.SLICE_RESTARTED);
            assertThat(numbers(messages)).containsExactlyElementsOf(to(11));
        }
    }

    @Test
    void leavesOutRecordsOfAWholeReadingThatComeAgainByARestart() {
        FakeRepositories api =
                FakeRepositories.of(1, 7).expiringPages().onPage(3).once();
        try (Repositories repositories = new Repositories(api)) {
            List<Message<Issue>> messages = repositories.read(WHOLE);

            assertThat(numbers(messages)).containsExactlyElementsOf(to(7));
            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_RESTARTED);
        }
    }

    @Test
    void knowsTheLastRecordThatItHasSeenBeforeASliceWasHalved() {
        FakeRepositories api = FakeRepositories.of(1, 0).resultWall(4);
        for (int number = 12; number > 0; number--) {
            // The latest first, so all the wall lets through comes again from the second half.
            api.add("o", "r1", START.plus(Duration.ofMinutes(number)));
        }
        try (Repositories repositories = new Repositories(api)) {
            RecordStream<Issue> stream = WHOLE.cursor(UPDATED).resultWindow(ResultWindow.of(4));

            List<Message<Issue>> first = repositories.read(stream);

            assertThat(numbers(first)).containsExactlyInAnyOrderElementsOf(to(12));
            assertThat(lastState(first).path("slices").get(0).path("cursor").stringValue())
                    .isEqualTo("2024-01-01T00:12:00Z");
            assertThat(numbers(repositories.read(stream, lastState(first)))).isEmpty();
        }
    }

    @Test
    void goesOnWithAWindowWhoseRecordsReachItsEnd() {
        // The remote knows no such parameter, and gives each window all that follows, too.
        RecordStream<Issue> stream = WHOLE.cursor(Cursor.datetime("/updated_at")
                        .startingAt(START)
                        .ascending()
                        .intoQuery("since")
                        .untilQuery("end"))
                .windows(TimeWindows.of(Duration.ofMinutes(3)))
                .clock(() -> START.plus(Duration.ofMinutes(9)))
                .pageTokensExpire();
        try (Repositories repositories = Repositories.of(1, 9)) {
            for (Message<Issue> message : repositories.read(stream)) {
                if (message instanceof Checkpoint<Issue> checkpoint) {
                    repositories.read(stream, Json.tree(checkpoint.state().toString()));
                }
            }
        }
    }

    private static List<Long> numbers(List<Message<Issue>> messages) {
        return records(messages).stream().map(Issue::number).toList();
    }

    private static List<Long> to(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Long::valueOf).toList();
    }
}
