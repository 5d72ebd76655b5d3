package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.json.DecodingException;
import dev.headrace.pagination.OnRepeat;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.pagination.RepeatedPageException;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeRelay;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A connection in the manner of Relay, with errors under status 200, as GitHub's GraphQL API has it. Rows A17, A19, L58. */
class RelayPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Issue(long number) {}

    private static final Endpoint<Issue> ISSUES = Endpoint.of(Request.post("/graphql")
                    .json(Map.of(
                            "query",
                            "query($first:Int,$after:String){repository(owner:\"o\",name:\"r\"){issues(first:$first,after:$after){nodes{number} pageInfo{hasNextPage endCursor}}}}",
                            "variables",
                            Map.of("first", 10))))
            .paginate(Pagination.relay("/data/repository/issues"))
            .items("/data/repository/issues/nodes", Issue.class);

    @ParameterizedTest(name = "{0} issues are {1} pages")
    @CsvSource({"0, 1", "10, 1", "11, 2", "25, 3"})
    void readsNoFurtherThanHasNextPageSays(int issues, int requests) {
        try (TestServer server = api(issues).start();
                Connector connector = gitHub(server)) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(issues));
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void sendsTheCursorInTheVariablesAndNothingElseAnew() {
        try (TestServer server = api(25).start();
                Connector connector = gitHub(server)) {
            numbers(connector, ISSUES);

            List<RecordedRequest> requests = server.requests();
            assertThat(requests.get(0).body()).contains("\"variables\":{\"first\":10}");
            assertThat(requests.get(2).body())
                    .contains(
                            "\"first\":10",
                            "\"after\":\"Y3Vyc29yOnYyOjIw\"",
                            "{repository(owner:\\\"o\\\",name:\\\"r\\\")");
        }
    }

    @ParameterizedTest(name = "{0} issues are taken from {1} pages")
    @CsvSource({"1, 1", "10, 1", "11, 2"})
    void takesFromAsManyPagesAsNeeded(int demand, int requests) {
        try (TestServer server = api(25).start();
                Connector connector = gitHub(server)) {
            assertThat(connector.records(ISSUES).take(demand).count().block(SOON))
                    .isEqualTo(demand);
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void goesOnAfterAShortPage() {
        try (TestServer server = api(25).shortening(1).onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void failsWhenThereIsMoreAndNoCursorInsteadOfBeginningAnew() {
        try (TestServer server = api(25).nullCursor().onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            Reading<Long> reading = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(reading.records()).isEqualTo(upTo(20));
            assertThat(reading.failure())
                    .isInstanceOfSatisfying(
                            PaginationException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA))
                    .hasMessageContaining("/data/repository/issues/pageInfo/hasNextPage");
            assertThat(reading.stop().page()).isEqualTo(2);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void endsWithoutACursorOnTheLastPage() {
        try (TestServer server = api(20).nullCursor().onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(20));
            assertThat(server.requests()).hasSize(2);
        }
    }

    /** An empty page whose cursor is the one it was asked for by. */
    @Test
    void failsWhenACursorIsRepeated() {
        try (TestServer server = api(25).shortening(0).onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            Reading<Long> reading = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(reading.records()).isEqualTo(upTo(10));
            assertThat(reading.failure()).isInstanceOf(RepeatedPageException.class);
            assertThat(reading.stop().page()).isEqualTo(2);
            assertThat(server.requests()).hasSize(2);

            // The token leads to where the cursor leads, should the server have thought better of it.
            assertThat(numbers(connector, ISSUES.from(reading.token()))).isEqualTo(upTo(25).subList(10, 25));
        }
    }

    @Test
    void endsWhenACursorIsRepeatedIfThatIsTheEnd() {
        try (TestServer server = api(25).shortening(0).onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            assertThat(numbers(connector, ISSUES.paging(pages -> pages.onRepeat(OnRepeat.COMPLETE))))
                    .isEqualTo(upTo(10));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void repeatsAQueryThatIsRateLimited() {
        try (TestServer server = api(25).rateLimited().onRequest(2).times(2).start();
                Connector connector = gitHub(server)) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(4);
            assertThat(requests.get(2).body()).isEqualTo(requests.get(1).body());
        }
    }

    @Test
    void readsOnAfterARateLimitThatWasTooMuch() {
        try (TestServer server = api(25).rateLimited().onRequest(2).once().start();
                Connector connector =
                        gitHub(server).mutate().retry(RetryPolicy.never()).build()) {
            Reading<Long> before = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(before.records()).isEqualTo(upTo(10));
            assertThat(before.failure())
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessageContaining("API rate limit exceeded");
            assertThat(numbers(connector, ISSUES.from(before.token()))).isEqualTo(upTo(25).subList(10, 25));
        }
    }

    @Test
    void failsWhenTheConnectionIsNotThere() {
        try (TestServer server = api(25).notFound().onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            Reading<Long> reading = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(reading.records()).isEqualTo(upTo(10));
            assertThat(reading.failure())
                    .isInstanceOf(DecodingException.class)
                    .hasMessageContaining("/data/repository/issues/nodes");
            assertThat(reading.stop().page()).isEqualTo(2);
            assertThat(server.requests()).hasSize(2);
        }
    }

    /** With data it is an answer: what may not be seen is null, and the rest is there. */
    @Test
    void readsPartOfAPageOfWhichAFieldFailed() {
        try (TestServer server = api(25).partial().onRequest(2).once().start();
                Connector connector = gitHub(server)) {
            List<JsonNode> nodes = connector
                    .records(ISSUES.at("/data/repository/issues/nodes"))
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(nodes).hasSize(25);
            assertThat(nodes.get(19).isNull()).isTrue();
            assertThat(nodes).filteredOn(node -> !node.isNull()).hasSize(24);
            assertThat(server.requests()).hasSize(3);
        }
    }

    private static FakeRelay api(int issues) {
        return FakeRelay.connection(List.of("repository", "issues"), FakeApi.issues(issues));
    }

    private static Connector gitHub(TestServer server) {
        return Connector.builder(server.url())
                .errors(ErrorRules.graphql())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    private static List<Long> numbers(Connector connector, Endpoint<Issue> issues) {
        return connector
                .records(issues)
                .map(Issue::number)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<Long> upTo(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
