package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ISSUES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Repositories.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.FakeStripe;
import dev.headrace.test.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of pages that have become too old. Rows A49, A50. */
class ExpiredPagesTest {

    private static final RecordStream<Issue> ISSUES_OF_ONE =
            RecordStream.of("issues", ISSUES).slices(List.of(slice(1)));

    private static List<Long> numbers(List<Message<Issue>> messages) {
        return records(messages).stream().map(Issue::number).toList();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static JsonNode stateAfterPage(List<? extends Message<?>> messages, int page) {
        List<JsonNode> states = new ArrayList<>();
        messages.forEach(message -> message.position().ifPresent(states::add));
        return Json.tree(states.get(page - 1).toString());
    }

    @Test
    void readsTheSliceFromItsBeginningAgain() {
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(2, 25).expiringPages().onPage(3).once())) {
            List<Message<Issue>> messages = repositories.read(ISSUES_OF_ONE.key("/number"));

            assertThat(numbers(messages)).isEqualTo(upTo(25));
            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_RESTARTED);
            assertThat(repositories.uris()).hasSize(3 + 3);
        }
    }

    @Test
    void leavesOutWhatComesAgainOnlyIfThereIsAKey() {
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(1, 25).expiringPages().onPage(3).once())) {
            List<Long> numbers = numbers(repositories.read(ISSUES_OF_ONE));

            assertThat(numbers).startsWith(upTo(20).toArray(Long[]::new)).endsWith(upTo(25).toArray(Long[]::new));
            assertThat(numbers).hasSize(45);
        }
    }

    @Test
    void knowsTheLastRecordsOfALongSlice() {
        Endpoint<Issue> hundreds = ISSUES.replaceQuery("per_page", 100);
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(1, 2_500).expiringPages().onPage(25).once())) {
            List<Long> numbers = numbers(repositories.read(RecordStream.of("issues", hundreds)
                    .slices(List.of(slice(1)))
                    .key("/number")));

            // 2,400 records before; the last 1,000 are known again.
            assertThat(numbers).hasSize(2_400 + 1_400 + 100);
            assertThat(numbers).containsAll(upTo(2_500));
        }
    }

    @Test
    void readsTheSliceAgainWhenASavedTokenHasExpired() {
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(1, 25).expiringPages().onRequest(4).once())) {
            JsonNode state = stateAfterPage(repositories.read(ISSUES_OF_ONE), 1);
            List<Message<Issue>> messages = repositories.read(ISSUES_OF_ONE, state);

            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_RESTARTED);
            assertThat(numbers(messages)).isEqualTo(upTo(25));
            assertThat(lastState(messages).has("slices")).isFalse();
        }
    }

    @Test
    void givesUpWhenATokenNeverWorks() {
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(1, 25).expiringPages().onPage(2).always())) {
            assertThatThrownBy(() -> repositories.read(ISSUES_OF_ONE)).isInstanceOf(HttpStatusException.class);
            // Once, and three times again; the first page that comes each time is no progress.
            assertThat(repositories.uris()).hasSize(2 * 4);

            assertThatThrownBy(() -> repositories.read(ISSUES_OF_ONE.expiredPages(
                            ExpiredPages.restartSlice().maxRestarts(0))))
                    .isInstanceOf(HttpStatusException.class);
            assertThat(repositories.uris()).hasSize(2 * 4 + 2);
        }
    }

    @Test
    void countsRestartsAnewAfterEachPageThatIsFurther() {
        FakeRepositories api = FakeRepositories.of(1, 45);
        for (int page = 2; page <= 5; page++) {
            api = api.expiringPages().onPage(page).times(2);
        }
        try (Repositories repositories = new Repositories(api)) {
            List<Message<Issue>> messages = repositories.read(ISSUES_OF_ONE.key("/number"));

            assertThat(numbers(messages)).isEqualTo(upTo(45));
            assertThat(notices(messages)).hasSize(8);
        }
    }

    @Test
    void takesOnlyTheStatusesThatMeanItAndNeverOfAFirstPage() {
        try (Repositories repositories = new Repositories(FakeRepositories.of(1, 25)
                .failing(404)
                .onPage(2)
                .once()
                .failing(410)
                .onRequest(6)
                .once())) {
            assertThatThrownBy(() -> repositories.read(ISSUES_OF_ONE)).isInstanceOf(HttpStatusException.class);
            assertThat(repositories.read(ISSUES_OF_ONE)).hasSize(25 + 3 + 1);
            assertThatThrownBy(() -> repositories.read(ISSUES_OF_ONE)).isInstanceOf(HttpStatusException.class);
        }
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(1, 25).failing(404).onPage(2).once())) {
            RecordStream<Issue> stream = ISSUES_OF_ONE
                    .key("/number")
                    .expiredPages(ExpiredPages.restartSlice().statuses(404));
            assertThat(numbers(repositories.read(stream))).isEqualTo(upTo(25));
        }
    }

    @Test
    void beginsTheSliceAgainIfTheTokenIsOfAnotherEndpoint() {
        try (Repositories repositories = Repositories.of(1, 25)) {
            ObjectNode state = (ObjectNode) stateAfterPage(repositories.read(ISSUES_OF_ONE), 1);
            RecordStream<Issue> other = RecordStream.of(
                            "issues",
                            Endpoint.get("/repos/o/{repo}/issues")
                                    .query("per_page", 10)
                                    .paginate(Pagination.linkHeader())
                                    .items(Issue.class))
                    .slices(List.of(slice(1)));
            List<Message<Issue>> messages = repositories.read(other, state);

            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_RESTARTED);
            assertThat(numbers(messages)).isEqualTo(upTo(25));

            ((ObjectNode) state.at("/slices/0/reading/parts/0")).put("page", "no token");
            assertThat(numbers(repositories.read(ISSUES_OF_ONE, state))).isEqualTo(upTo(25));
        }
    }

    /** A list that can be read on behind an id. */
    private static final class Customers implements AutoCloseable {

        private final TestServer server;
        private final Connector connector;

        Customers(FakeStripe api) {
            server = api.start();
            connector = Connector.builder(server.url())
                    .retry(RetryPolicy.defaults().maxRetries(0))
                    .build();
        }

        List<Message<JsonNode>> read(RecordStream<JsonNode> stream, @Nullable JsonNode state) {
            return Repositories.all(stream.read(connector, state));
        }

        List<String> asked() {
            return server.requests().stream()
                    .map(request -> request.query("starting_after").orElse(""))
                    .toList();
        }

        @Override
        public void close() {
            connector.close();
            server.close();
        }
    }

    private static final RecordStream<JsonNode> CUSTOMERS = RecordStream.of(
                    "customers",
                    Endpoint.get("/v1/customers")
                            .paginate(Pagination.lastItem("/id", Placement.query("starting_after"))
                                    .pageSize("limit", 10)
                                    .whileTrue("/has_more"))
                            .at("/data"))
            .expiredPages(ExpiredPages.seekAfter("/id", Placement.query("starting_after")));

    private static FakeStripe customers(int count) {
        return FakeStripe.list("/v1/customers", FakeStripe.customers(count));
    }

    private static List<String> ids(List<Message<JsonNode>> messages) {
        return records(messages).stream()
                .map(record -> record.path("id").asString())
                .toList();
    }

    @Test
    void readsOnBehindTheLastKey() {
        try (Customers customers =
                new Customers(customers(45).failing(410).onRequest(3, 5).always())) {
            List<Message<JsonNode>> messages = customers.read(CUSTOMERS, null);

            assertThat(ids(messages)).hasSize(45).doesNotHaveDuplicates();
            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_RESTARTED, Notice.Kind.SLICE_RESTARTED);
            assertThat(customers.asked())
                    .containsExactly("", "cus_036", "cus_026", "cus_026", "cus_016", "cus_016", "cus_006");
        }
    }

    @Test
    void readsOnBehindTheLastKeyOfTheRunBefore() {
        try (Customers customers =
                new Customers(customers(25).failing(410).onRequest(4).once())) {
            JsonNode state = stateAfterPage(customers.read(CUSTOMERS, null), 2);
            List<Message<JsonNode>> rest = customers.read(CUSTOMERS, state);

            assertThat(notices(rest)).containsExactly(Notice.Kind.SLICE_RESTARTED);
            assertThat(ids(rest)).hasSize(5);
            assertThat(customers.asked()).endsWith("cus_006", "cus_006");
        }
    }

    @Test
    void goesOnAfterAnotherCutBehindAKey() {
        try (Customers customers =
                new Customers(customers(45).failing(410).onRequest(2).once())) {
            List<Message<JsonNode>> whole = customers.read(CUSTOMERS, null);
            assertThat(ids(whole)).hasSize(45);
            // The third page is the second of the series behind the key.
            JsonNode state = stateAfterPage(whole, 3);

            assertThat(ids(customers.read(CUSTOMERS, state)))
                    .isEqualTo(ids(whole).subList(30, 45));
        }
    }

    @Test
    void givesUpBehindAKeyThatLeadsNoFurther() {
        try (Customers customers = new Customers(customers(25)
                .failing(410)
                .when(request -> request.uri().contains("starting_after"))
                .always())) {
            assertThatThrownBy(() -> customers.read(CUSTOMERS, null)).isInstanceOf(HttpStatusException.class);
            assertThat(customers.asked()).containsExactly("", "cus_016", "cus_016");
        }
    }

    @Test
    void seeksAtOnceIfTokensAreNotKept() {
        try (Customers customers = new Customers(customers(25))) {
            RecordStream<JsonNode> stream = CUSTOMERS.pageTokensExpire();
            JsonNode state = stateAfterPage(customers.read(stream, null), 2);
            assertThat(state.at("/slices/0/reading/parts/0").has("page")).isFalse();

            assertThat(ids(customers.read(stream, state))).hasSize(5);
            assertThat(customers.asked()).hasSize(3 + 1).endsWith("cus_006");
        }
    }

    @Test
    void beginsTheSliceAgainIfTokensAreNotKeptAndRecordsHaveNoOrder() {
        try (Repositories repositories = Repositories.of(1, 25)) {
            RecordStream<Issue> stream = ISSUES_OF_ONE.pageTokensExpire();
            JsonNode state = stateAfterPage(repositories.read(stream), 2);

            assertThat(numbers(repositories.read(stream, state))).isEqualTo(upTo(25));
        }
    }

    @Test
    void readsOnFromTheLastRecordIfTokensAreNotKeptAndRecordsAreAscending() {
        DatetimeCursor cursor =
                Cursor.datetime("/updated_at").startingAt(START).ascending().intoQuery("since");
        try (Repositories repositories = Repositories.of(1, 45)) {
            RecordStream<Issue> stream = ISSUES_OF_ONE.pageTokensExpire().cursor(cursor);
            JsonNode state = stateAfterPage(repositories.read(stream), 2);
            List<Message<Issue>> rest = repositories.read(stream, state);

            assertThat(numbers(rest)).containsExactlyElementsOf(upTo(45).subList(19, 45));
            // A second before, for what may have the same time and come behind it.
            assertThat(repositories.uris().get(5)).contains("since=2024-01-01T00%3A19%3A59Z");
            assertThat(lastState(rest)).isEqualTo(lastState(repositories.read(stream)));
        }
    }
}
