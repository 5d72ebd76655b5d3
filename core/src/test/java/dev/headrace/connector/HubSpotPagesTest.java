package dev.headrace.connector;

import static dev.headrace.resilience.ErrorCondition.bodyAt;
import static dev.headrace.resilience.ErrorCondition.status;
import static dev.headrace.resilience.ErrorRule.when;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.auth.OAuth2;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeHubSpot;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages by {@code paging.next}, a sliding window and a search with a wall, as HubSpot has them. Rows A12, A17, A19, L58. */
class HubSpotPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Contact(String id) {}

    private static final Endpoint<Contact> CONTACTS = Endpoint.get("/crm/v3/objects/contacts")
            .query("archived", false)
            .paginate(Pagination.cursor("/paging/next/after", Placement.query("after"))
                    .pageSize("limit", 100))
            .items("/results", Contact.class);

    private static final Pagination SEARCHING =
            Pagination.cursor("/paging/next/after", Placement.body("/after")).pageSize(Placement.body("/limit"), 100);

    private static final Endpoint<Contact> SEARCH = Endpoint.of(
                    Request.post("/crm/v3/objects/contacts/search").json(Map.of("query", "example")))
            .paginate(SEARCHING)
            .items("/results", Contact.class);

    @Test
    void sendsTheCursorBesideWhatTheFirstPageWasAskedFor() {
        try (TestServer server = api(250).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, CONTACTS)).isEqualTo(upTo(250));

            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .containsExactly(
                            "/crm/v3/objects/contacts?archived=false&limit=100",
                            "/crm/v3/objects/contacts?archived=false&limit=100&after=100",
                            "/crm/v3/objects/contacts?archived=false&limit=100&after=200");
        }
    }

    @Test
    void followsItsLinksAsWell() {
        try (TestServer server = api(250).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<Contact> byLink =
                    CONTACTS.paginate(Pagination.nextUrl("/paging/next/link").pageSize("limit", 100));

            assertThat(ids(connector, byLink)).isEqualTo(upTo(250));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void searchesWithTheCursorInTheBody() {
        try (TestServer server = api(250).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, SEARCH)).isEqualTo(upTo(250));

            assertThat(server.requests())
                    .extracting(RecordedRequest::body)
                    .containsExactly(
                            "{\"query\":\"example\",\"limit\":100}",
                            "{\"query\":\"example\",\"limit\":100,\"after\":\"100\"}",
                            "{\"query\":\"example\",\"limit\":100,\"after\":\"200\"}");
        }
    }

    @Test
    void endsBeforeTheWallOfASearchWhenToldTo() {
        try (TestServer server = api(450).searchWall(300).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<Contact> within = SEARCH.paginate(SEARCHING.lastWhen(end -> end.itemsInAll() >= 300));

            assertThat(ids(connector, within)).isEqualTo(upTo(300));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void failsAtTheWallOfASearchOtherwise() {
        try (TestServer server = api(450).searchWall(300).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Contact> reading = Reading.of(connector.records(SEARCH));

            assertThat(reading.records()).extracting(Contact::id).isEqualTo(upTo(300));
            assertThat(reading.failure())
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessageContaining("cannot page beyond 300");
            assertThat(reading.stop().page()).isEqualTo(4);
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void goesOnWithASearchFromItsToken() {
        try (TestServer server = api(450).failing(502).onRequest(3).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Contact> before = Reading.of(connector.records(SEARCH));

            assertThat(before.records()).extracting(Contact::id).isEqualTo(upTo(200));
            assertThat(before.stop().page()).isEqualTo(3);
            assertThat(ids(connector, SEARCH.from(before.token())))
                    .isEqualTo(upTo(450).subList(200, 450));
            assertThat(server.requests().get(3).body())
                    .isEqualTo(server.requests().get(2).body());
        }
    }

    /** The limit counts all items of a reading, also those that an earlier run has read. */
    @Test
    void countsTheItemsOfTheRunBefore() {
        try (TestServer server = api(450).searchWall(300)
                        .failing(502)
                        .onRequest(2)
                        .once()
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<Contact> within = SEARCH.paginate(SEARCHING.lastWhen(end -> end.itemsInAll() >= 300));
            Reading<Contact> before = Reading.of(connector.records(within));

            assertThat(before.records()).hasSize(100);
            assertThat(ids(connector, within.from(before.token())))
                    .isEqualTo(upTo(300).subList(100, 300));
        }
    }

    @Test
    void renewsATokenThatExpiresOnTheThirdPage() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().rotating("r1");
        try (TestServer id = TestServer.builder().route("/token", tokens).start();
                TestServer server = api(450).expiringToken().onRequest(3).once().start();
                Connector connector = Connector.builder(server.url())
                        .auth(OAuth2.refreshToken(id.url() + "/token", "id", Secret.of("s"), Secret.of("r1")))
                        .build()) {
            assertThat(ids(connector, SEARCH)).isEqualTo(upTo(450));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests)
                    .extracting(request -> request.header("Authorization").orElse(""))
                    .containsExactly("Bearer a1", "Bearer a1", "Bearer a1", "Bearer a2", "Bearer a2", "Bearer a2");
            assertThat(requests.get(3).body()).isEqualTo(requests.get(2).body());
            assertThat(tokens.requests()).isEqualTo(2);
        }
    }

    @Test
    void takesTheNextOfSeveralTokensForAPageThatOneIsRefusedFor() {
        try (TestServer server = api(450).expiringToken().onRequest(2).once().start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.rotating(Auth.bearer(Secret.of("x")), Auth.bearer(Secret.of("y"))))
                        .errors(ErrorRules.of(when(status(401)).retry()))
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .build()) {
            assertThat(ids(connector, CONTACTS)).isEqualTo(upTo(450));

            assertThat(server.requests())
                    .extracting(request -> request.header("Authorization").orElse(""))
                    .startsWith("Bearer x", "Bearer y", "Bearer x", "Bearer y", "Bearer x");
        }
    }

    @Test
    void waitsAsLongAsTheWindowWhenNothingElseIsSaid() {
        try (TestServer server = api(450).rateLimit(3, ofMillis(600)).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)).waitFrom(HubSpotPagesTest::window))
                        .build()) {
            assertThat(ids(connector, CONTACTS)).isEqualTo(upTo(450));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(5 + 1);
            assertThat(Duration.between(
                            requests.get(3).arrivedAt(), requests.get(4).arrivedAt()))
                    .isGreaterThan(ofMillis(550));
        }
    }

    @Test
    void doesNotWaitForTheDayToEnd() {
        ErrorRules daily = ErrorRules.of(when(status(429))
                .and(bodyAt("/policyName", "DAILY"))
                .fail(FailureKind.PERMANENT, "the day is used up"));
        try (TestServer server = api(450).dailyLimit(2).start();
                Connector connector = Connector.builder(server.url())
                        .errors(daily)
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .build()) {
            Reading<Contact> reading = Reading.of(connector.records(CONTACTS));

            assertThat(reading.records()).hasSize(200);
            assertThat(reading.failure()).hasMessageContaining("the day is used up");
            assertThat(reading.stop().page()).isEqualTo(3);
            assertThat(server.requests()).hasSize(3);
        }
    }

    private static Optional<Duration> window(Headers headers) {
        return headers.first("X-HubSpot-RateLimit-Interval-Milliseconds")
                .map(millis -> ofMillis(Long.parseLong(millis)));
    }

    private static FakeHubSpot api(int contacts) {
        return FakeHubSpot.objects("contacts", FakeHubSpot.contacts(contacts));
    }

    private static List<String> ids(Connector connector, Endpoint<Contact> contacts) {
        return connector
                .records(contacts)
                .map(Contact::id)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<String> upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    }
}
