package dev.headrace.connector;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Secret;
import dev.headrace.pagination.OnRepeat;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.NextLink;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages by the {@code Link} header, as GitHub has them. Rows A17, A40, L58. */
class GitHubPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Issue(long number, String title) {}

    private static final Endpoint<Issue> ISSUES = Endpoint.get("/repos/{owner}/{name}/issues")
            .with("owner", "o")
            .with("name", "r")
            .paginate(Pagination.linkHeader().pageSize("per_page", 10))
            .items(Issue.class);

    @Test
    void followsLinksToTheNumberOfTheRepository() {
        try (TestServer server = api(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));

            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .containsExactly(
                            "/repos/o/r/issues?per_page=10",
                            "/repositories/7/issues?per_page=10&page=2",
                            "/repositories/7/issues?per_page=10&page=3");
        }
    }

    @Test
    void followsARenamedRepositoryWithItsCredentials() {
        try (TestServer server = api(25).renamedFrom("/repos/o/former/issues").start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of("t")))
                        .build()) {
            assertThat(numbers(connector, ISSUES.with("name", "former"))).isEqualTo(upTo(25));

            assertThat(server.requests())
                    .hasSize(4)
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).contains("Bearer t"));
        }
    }

    @Test
    void findsTheNextLinkAmongOthers() {
        NextLink crowded = NextLink.absolute().with("<https://a.test/,;>; rel=\"help\"; title=\"a, rel=next; c\"");
        try (TestServer server = api(25).links(crowded).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));
        }
    }

    @Test
    void asksForNoPageThatIsNotTaken() {
        try (TestServer server = api(95).start();
                Connector connector = Connector.builder(server.url()).build()) {
            List<Page<Issue>> pages =
                    connector.pages(ISSUES).take(2).collectList().block(SOON);

            assertThat(pages).extracting(Page::number).containsExactly(1, 2);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void goesOnFromEveryPageInAnotherRun() {
        try (TestServer server = api(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Page<Issue> second =
                    connector.pages(ISSUES).take(2).last().blockOptional(SOON).orElseThrow();
            String kept = second.next().orElseThrow().text();

            assertThat(numbers(connector, ISSUES.from(PageToken.of(kept)))).containsExactly(21L, 22L, 23L, 24L, 25L);
            assertThat(server.requests()).hasSize(2 + 1);
        }
    }

    @Test
    void losesNothingAndRepeatsNothingAroundAPageThatFails() {
        try (TestServer server = api(45).failing(502).onPage(3).once().start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            Reading<Long> before = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(before.records()).isEqualTo(upTo(20));
            assertThat(before.failure()).isInstanceOf(HttpStatusException.class);
            assertThat(before.stop().page()).isEqualTo(3);

            assertThat(numbers(connector, ISSUES.from(before.token()))).isEqualTo(upTo(45).subList(20, 45));
            assertThat(server.requests()).hasSize(3 + 3);
        }
    }

    @Test
    void waitsForASecondaryLimitAsItSays() {
        try (TestServer server = api(25).secondaryLimit(403)
                        .header("Retry-After", "1")
                        .onPage(2)
                        .once()
                        .start();
                Connector connector = connector(server, RetryPolicy.exponential(ofMillis(1)))) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(4);
            assertThat(Duration.between(
                            requests.get(1).arrivedAt(), requests.get(2).arrivedAt()))
                    .isGreaterThan(ofMillis(950));
        }
    }

    @Test
    void givesTheCallerAnEndlessSecondaryLimitAndATokenToComeBackWith() {
        try (TestServer server = api(25).secondaryLimit(429).onPage(2).once().start();
                Connector connector =
                        connector(server, RetryPolicy.exponential(ofMillis(1)).maxRetryAfter(ofSeconds(30)))) {
            Reading<Long> before = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(before.records()).isEqualTo(upTo(10));
            assertThat(before.failure())
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            refusal -> assertThat(refusal.retryAt()).isPresent())
                    .hasMessageContaining("secondary rate limit");
            assertThat(server.requests()).hasSize(2);
            assertThat(numbers(connector, ISSUES.from(before.token()))).isEqualTo(upTo(25).subList(10, 25));
        }
    }

    @ParameterizedTest(name = "with a clock {0} h ahead")
    @ValueSource(ints = {-3, 0, 3})
    void waitsForThePrimaryLimitByTheClockOfTheServer(int hours) {
        try (TestServer server = api(25).clockSkew(ofHours(hours))
                        .exhausting(403, ofSeconds(1))
                        .onPage(2)
                        .once()
                        .start();
                Connector connector = connector(server, RetryPolicy.exponential(ofMillis(1)))) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void endsWhereTheApiRepeatsItselfIfThatIsItsWayToEnd() {
        try (TestServer server = api(30).links(NextLink.repeating()).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<Issue> repeating = ISSUES.query("per_page", 10)
                    .query("page", 1)
                    .paginate(Pagination.linkHeader())
                    .paging(pages -> pages.onRepeat(OnRepeat.COMPLETE));

            assertThat(numbers(connector, repeating)).isEqualTo(upTo(10));
            assertThat(server.requests()).hasSize(1);
        }
    }

    private static FakeApi api(int issues) {
        return FakeApi.linkHeader("/repos/o/r/issues", FakeApi.issues(issues))
                .links(NextLink.absolute().under("/repositories/7/issues"));
    }

    private static Connector connector(TestServer server, RetryPolicy retry) {
        return Connector.builder(server.url())
                .errors(ErrorRules.github())
                .retry(retry)
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
