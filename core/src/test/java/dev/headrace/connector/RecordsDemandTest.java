package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.TransportException;
import dev.headrace.json.DecodingException;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.pagination.RepeatedPageException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.NextLink;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** ARCHITECTURE rule 1: a request leaves only when something it can deliver has been asked for. Rule 2: never end quietly. */
class RecordsDemandTest {

    private static final Duration SOON = ofSeconds(10);

    record Issue(long number, String title) {}

    private static final Endpoint<Issue> ISSUES = Endpoint.get("/issues")
            .query("per_page", 10)
            .paginate(Pagination.linkHeader())
            .items(Issue.class);

    @ParameterizedTest(name = "demand {0} makes {1} requests")
    @CsvSource({"0, 0", "1, 1", "10, 1", "11, 2", "20, 2", "21, 3"})
    void requestsAsManyPagesAsAreAskedFor(int demand, int requests) {
        try (TestServer server = api(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.records(ISSUES), demand)
                    .expectSubscription()
                    .expectNextCount(demand)
                    // Long enough for a request that should not be sent to arrive.
                    .expectNoEvent(ofMillis(100))
                    .thenCancel()
                    .verify(SOON);

            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void takesTenOfTenFromOnePage() {
        try (TestServer server = api(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            List<Issue> issues =
                    connector.records(ISSUES).take(10).collectList().block(SOON);

            assertThat(issues).hasSize(10);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void readsAllPagesInOrderOverOneConnection() {
        try (TestServer server = api(95).start();
                Connector connector = Connector.builder(server.url()).build()) {
            List<Long> numbers =
                    connector.records(ISSUES).map(Issue::number).collectList().block(SOON);

            assertThat(numbers)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 95).mapToObj(i -> (long) i).toList());
            assertThat(server.requests()).hasSize(10);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void readsTwiceWhenSubscribedTwice() {
        try (TestServer server = api(15).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Flux<Issue> records = connector.records(ISSUES);

            assertThat(records.count().block(SOON)).isEqualTo(15);
            assertThat(records.count().block(SOON)).isEqualTo(15);
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void deliversTheRecordsBeforeAPageThatFails() {
        try (TestServer server = api(30).failing(403).onPage(3).always().start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.records(ISSUES))
                    .expectNextCount(20)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    HttpStatusException.class,
                                    e -> assertThat(e.status()).isEqualTo(403))
                            .hasMessageContaining("page=3"))
                    .verify(SOON);
        }
    }

    @Test
    void retriesAPageWithoutRepeatingARecord() {
        try (TestServer server = api(30).failing(503).onPage(2).times(2).start();
                Connector connector = quick(server)) {
            assertThat(connector
                            .records(ISSUES)
                            .map(Issue::number)
                            .collectList()
                            .block(SOON))
                    .hasSize(30)
                    .doesNotHaveDuplicates();
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void retriesAPageThatIsCutWithinItsHead() {
        try (TestServer server = api(30).truncating().onPage(2).once().start();
                Connector connector = quick(server)) {
            assertThat(connector.records(ISSUES).count().block(SOON)).isEqualTo(30);
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void failsWhenAPageIsCutEveryTime() {
        try (TestServer server = api(30).truncatingChunks().onPage(2).always().start();
                Connector connector = quick(server)) {
            StepVerifier.create(connector.records(ISSUES))
                    .expectNextCount(10)
                    .expectError(TransportException.class)
                    .verify(SOON);
            assertThat(server.requests()).hasSize(1 + 4);
        }
    }

    @Test
    void failsWhenABodyWithoutFramingEndsBeforeItsClosingBracket() {
        try (TestServer server = api(30).truncatingUnframed().onPage(2).always().start();
                Connector connector = quick(server)) {
            StepVerifier.create(connector.records(ISSUES))
                    .thenConsumeWhile(issue -> issue.number() <= 20)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    DecodingException.class,
                                    e -> assertThat(e.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA)))
                    .verify(SOON);
        }
    }

    @Test
    void failsWhenAPageNamesItselfAsTheNext() {
        try (TestServer server = api(30).links(NextLink.repeating()).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.records(ISSUES.query("page", 1)))
                    .expectNextCount(10)
                    .expectError(RepeatedPageException.class)
                    .verify(SOON);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "unquoted", "loose"})
    void followsLinksHoweverTheyAreWritten(String form) {
        NextLink link = switch (form) {
            case "relative" -> NextLink.relative();
            case "unquoted" -> NextLink.absolute().unquoted();
            default -> NextLink.absolute().loose();
        };
        try (TestServer server = api(25).links(link).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(connector.records(ISSUES).count().block(SOON)).isEqualTo(25);
        }
    }

    @Test
    void failsWhenTheNextPageIsOnAnotherOrigin() {
        try (TestServer other = api(30).start();
                TestServer server =
                        api(30).links(NextLink.onOrigin(other.url())).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.records(ISSUES))
                    .expectNextCount(10)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(PaginationException.class)
                            .hasMessageContaining("another origin"))
                    .verify(SOON);
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void followsToAnotherOriginThatIsAllowed() {
        try (TestServer other = api(30).start();
                TestServer server =
                        api(30).links(NextLink.onOrigin(other.url())).start();
                Connector connector = Connector.builder(server.url())
                        .origins(OriginPolicy.sameOrigin().allow(other.url()))
                        .build()) {
            assertThat(connector.records(ISSUES).count().block(SOON)).isEqualTo(30);
            assertThat(other.requests()).hasSize(2);
        }
    }

    @Test
    void closesTheConnectionWhenCancelledWithinAPage() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(200_000))
                        .pageSize(200_000)
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<Issue> large = Endpoint.get("/issues").items(Issue.class);

            assertThat(connector.records(large).take(5).count().block(SOON)).isEqualTo(5);

            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void streamsAPageLargerThanItsHead() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(100_000))
                        .pageSize(100_000)
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(connector
                            .records(Endpoint.get("/issues").items(Issue.class))
                            .count()
                            .block(SOON))
                    .isEqualTo(100_000);
        }
    }

    private static FakeApi api(int issues) {
        return FakeApi.linkHeader("/issues", FakeApi.issues(issues));
    }

    private static Connector quick(TestServer server) {
        return Connector.builder(server.url())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }
}
