package dev.headrace.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class OpenIssuesTest {

    private static final Duration SOON = ofSeconds(10);

    record Issue(long number, String title, String state) {}

    /** What is tested. Yours is in src/main. */
    static Flux<Issue> openIssues(Connector github) {
        return github.records(Endpoint.get("/issues")
                        .query("per_page", 10)
                        .paginate(Pagination.linkHeader())
                        .items(Issue.class))
                .filter(issue -> issue.state().equals("open"));
    }

    /** As in production, but that a test does not wait. */
    private static Connector connector(TestServer server) {
        return Connector.builder(server.url())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    /** Of three issues two are open: seven on the first page, seven on the second, six on the third. */
    private static FakeApi issues() {
        return FakeApi.linkHeader("/issues", FakeApi.issues(30));
    }

    @Test
    void readsAllPages() {
        try (TestServer server = issues().start();
                Connector github = connector(server)) {
            StepVerifier.create(openIssues(github).map(Issue::number))
                    .expectNext(1L, 2L, 4L)
                    .expectNextCount(17)
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.requests())
                    .extracting(request -> request.query("page").orElse("1"))
                    .containsExactly("1", "2", "3");
        }
    }

    @Test
    void asksForNoPageThatIsNotWanted() {
        try (TestServer server = issues().start();
                Connector github = connector(server)) {
            StepVerifier.create(openIssues(github), 0) // a demand of 0, then what the steps request
                    .expectSubscription()
                    .expectNoEvent(ofMillis(100)) // time enough for a request that should not be sent
                    .then(() -> assertThat(server.requests()).isEmpty())
                    .thenRequest(1)
                    .expectNextCount(1)
                    .thenRequest(6)
                    .expectNextCount(6) // the first page has seven
                    .expectNoEvent(ofMillis(100))
                    .then(() -> assertThat(server.requests()).hasSize(1))
                    .thenRequest(1)
                    .expectNextCount(1)
                    .then(() -> assertThat(server.requests()).hasSize(2))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    @Test
    void getsOverAPageThatFailsTwice() {
        FakeApi site =
                issues().failing(503).header("Retry-After", "0").onPage(2).times(2);
        try (TestServer server = site.start();
                Connector github = connector(server)) {
            StepVerifier.create(openIssues(github))
                    .expectNextCount(20) // and no issue twice
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void closesTheConnectionWhenItIsCancelled() {
        try (TestServer server = issues().stalling().onPage(2).always().start();
                Connector github = connector(server)) {
            StepVerifier.create(openIssues(github))
                    .expectNextCount(7)
                    .then(() -> server.awaitRequests(2, SOON))
                    .thenCancel()
                    .verify(SOON);

            server.awaitNoOpenConnections(SOON);
        }
    }
}
