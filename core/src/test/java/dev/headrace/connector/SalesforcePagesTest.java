package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.auth.Auth;
import dev.headrace.auth.OAuth2;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeSalesforce;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Pages by a relative URL in the body, errors as arrays, and a host learned when logging in, as Salesforce has them. Rows A17, L58. */
class SalesforcePagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Contact(@JsonProperty("Id") String id) {}

    record Login(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("instance_url") String instanceUrl) {}

    private static final Endpoint<Contact> CONTACTS = Endpoint.get("/services/data/v63.0/query")
            .query("q", "SELECT Id FROM Contact")
            .header("Sforce-Query-Options", "batchSize=200")
            .paginate(Pagination.nextUrl("/nextRecordsUrl"))
            .items("/records", Contact.class);

    @Test
    void followsRelativeUrlsWithoutTheQuery() {
        try (TestServer server = api(500).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector.records(CONTACTS))).isEqualTo(contacts(500));

            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .containsExactly(
                            "/services/data/v63.0/query?q=SELECT%20Id%20FROM%20Contact",
                            "/services/data/v63.0/query/01g000000000000001-200",
                            "/services/data/v63.0/query/01g000000000000001-400");
        }
    }

    @Test
    void wishesForTheBatchSizeOnEveryPageAndTakesWhatComes() {
        try (TestServer server = api(500).shortening(7).onRequest(2).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector.records(CONTACTS))).isEqualTo(contacts(500));

            assertThat(server.requests())
                    .hasSize(4)
                    .allSatisfy(request ->
                            assertThat(request.header("Sforce-Query-Options")).contains("batchSize=200"));
        }
    }

    @Test
    void asksForOnePageWhenOnePageIsTaken() {
        try (TestServer server = api(500).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(connector.records(CONTACTS).take(200).count().block(SOON))
                    .isEqualTo(200);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void readsFromTheHostThatTheLoginNames() {
        try (TestServer instance = api(500).start();
                TestServer login =
                        api(0).requiringLogin().instance(instance.url()).start();
                Connector logins = Connector.builder(login.url()).build()) {
            Request request = Request.post("/services/oauth2/token")
                    .body(Body.form(
                            Map.of("grant_type", "client_credentials", "client_id", "c", "client_secret", "s")));

            Flux<Contact> contacts = logins.fetch(request, Login.class)
                    .flatMapMany(in -> Connector.using(
                            () -> Connector.builder(in.instanceUrl())
                                    .auth(Auth.bearer(Secret.of(in.accessToken())))
                                    .build(),
                            connector -> connector.records(CONTACTS)));

            assertThat(ids(contacts)).isEqualTo(contacts(500));
            assertThat(login.requests()).hasSize(1);
            assertThat(instance.requests())
                    .hasSize(3)
                    .allSatisfy(page -> assertThat(page.header("Authorization")).contains("Bearer 00D1"));
            instance.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void logsInAgainWhenTheSessionEndsOnTheThirdPage() {
        // The login is the first request that the server sees.
        try (TestServer server = api(500).requiringLogin()
                        .expiringSession()
                        .onRequest(4)
                        .once()
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(OAuth2.clientCredentials(server.url() + "/services/oauth2/token", "c", Secret.of("s")))
                        .build()) {
            assertThat(ids(connector.records(CONTACTS))).isEqualTo(contacts(500));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests)
                    .extracting(RecordedRequest::method)
                    .containsExactly("POST", "GET", "GET", "GET", "POST", "GET");
            assertThat(requests.get(5).uri()).isEqualTo(requests.get(3).uri());
            assertThat(requests.get(3).header("Authorization")).contains("Bearer 00D1");
            assertThat(requests.get(5).header("Authorization")).contains("Bearer 00D2");
        }
    }

    @Test
    void saysOnWhichPageTheLocatorHadExpired() {
        try (TestServer server = api(500).expiringLocator().onRequest(3).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Contact> reading = Reading.of(connector.records(CONTACTS));

            assertThat(reading.records()).hasSize(400);
            assertThat(reading.failure()).isInstanceOfSatisfying(HttpStatusException.class, expired -> {
                assertThat(expired.status()).isEqualTo(400);
                assertThat(expired.kind()).isEqualTo(FailureKind.PERMANENT);
                assertThat(expired.serverMessage()).hasValue("invalid query locator");
                assertThat(expired.bodyTree().orElseThrow().at("/0/errorCode").asString())
                        .isEqualTo("INVALID_QUERY_LOCATOR");
            });
            assertThat(reading.stop().page()).isEqualTo(3);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void doesNotRepeatWhatTheBudgetOfTheDayForbids() {
        try (TestServer server = api(500).dailyLimit(2).start();
                Connector connector = connector(server)) {
            Reading<Contact> reading = Reading.of(connector.records(CONTACTS));

            assertThat(reading.records()).hasSize(400);
            assertThat(reading.failure()).hasMessageContaining("TotalRequests Limit exceeded");
            assertThat(reading.stop().page()).isEqualTo(3);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void readsOnFromThePageThatFailed() {
        try (TestServer server =
                        api(500).failing(503).onRequest(2, 3, 4, 5).always().start();
                Connector connector = connector(server)) {
            Reading<String> before = Reading.of(connector.records(CONTACTS).map(Contact::id));
            assertThat(server.requests()).hasSize(1 + 4);

            assertThat(before.stop().page()).isEqualTo(2);
            assertThat(before.records()).isEqualTo(contacts(500).subList(0, 200));
            assertThat(ids(connector.records(CONTACTS.from(before.token()))))
                    .isEqualTo(contacts(500).subList(200, 500));
        }
    }

    private static Connector connector(TestServer server) {
        return Connector.builder(server.url())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    private static FakeSalesforce api(int contacts) {
        return FakeSalesforce.query(FakeSalesforce.contacts(contacts)).pageSize(200);
    }

    private static List<String> ids(Flux<Contact> contacts) {
        return contacts.map(Contact::id).collectList().blockOptional(SOON).orElseThrow();
    }

    private static List<String> contacts(int count) {
        return IntStream.rangeClosed(1, count).mapToObj("003%015d"::formatted).toList();
    }
}
