package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.auth.OAuth2;
import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeGraph;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Opaque links that must come back byte for byte, and changes since a time, as Microsoft Graph has them. Rows A12, A17, L58. */
class GraphPagesTest {

    private static final Duration SOON = ofSeconds(10);
    private static final Pagination NEXT_LINK = Pagination.nextUrl("/@odata.nextLink");

    private static final Endpoint<JsonNode> USERS = Endpoint.get("/v1.0/users")
            .query("$top", 2)
            .header("ConsistencyLevel", "eventual")
            .paginate(NEXT_LINK)
            .at("/value");

    @Test
    void sendsLinksByteForByteAndItsHeaderOnEveryPage() {
        try (TestServer server =
                        api(5).requiringHeader("ConsistencyLevel", "eventual").start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, USERS)).isEqualTo(upTo(5));

            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .endsWith(
                            "/v1.0/users?$top=2&$skiptoken=RFNwdAIAAQ%271%27%2f~$x",
                            "/v1.0/users?$top=2&$skiptoken=RFNwdAIAAQ%272%27%2f~$x");
            assertThat(server.requests())
                    .hasSize(3)
                    .allSatisfy(request ->
                            assertThat(request.headers("ConsistencyLevel")).containsExactly("eventual"));
        }
    }

    @Test
    void goesOnAfterAnEmptyPageWithALink() {
        try (TestServer server = api(5).shortening(0).onRequest(1, 3).always().start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, USERS)).isEqualTo(upTo(5));
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void asksForOnePageWhenOnePageIsTaken() {
        try (TestServer server = api(5).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(connector.records(USERS).take(2).count().block(SOON)).isEqualTo(2);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void keepsALinkByteForByteInItsToken() {
        try (TestServer server = api(7).failing(500).onRequest(3).once().start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            Reading<String> before = Reading.of(
                    connector.records(USERS).map(user -> user.at("/id").asString()));

            assertThat(before.records()).isEqualTo(upTo(4));
            assertThat(before.stop().page()).isEqualTo(3);
            assertThat(ids(connector, USERS.from(before.token()))).isEqualTo(upTo(7).subList(4, 7));
            assertThat(server.requests().get(3).uri())
                    .isEqualTo(server.requests().get(2).uri());
        }
    }

    @Test
    void renewsATokenBetweenPages() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().rotating("r1");
        try (TestServer id = TestServer.builder().route("/token", tokens).start();
                TestServer server = TestServer.builder()
                        .route("/**", tokens.guarding(api(7)))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(OAuth2.refreshToken(id.url() + "/token", "id", Secret.of("s"), Secret.of("r1")))
                        .build()) {
            List<String> ids = connector
                    .records(USERS)
                    .map(user -> user.at("/id").asString())
                    // The third page has not been asked for by then.
                    .doOnNext(user -> {
                        if (user.equals("u4")) {
                            tokens.revoke();
                        }
                    })
                    .limitRate(1)
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(ids).isEqualTo(upTo(7));
            assertThat(server.requests()).hasSize(4 + 1);
            assertThat(tokens.requests()).isEqualTo(2);
        }
    }

    @Test
    void repeatsAPageThatIsThrottled() {
        try (TestServer server = api(5).throttling(1).onRequest(2).once().start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .build()) {
            assertThat(ids(connector, USERS)).isEqualTo(upTo(5));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(4);
            assertThat(Duration.between(
                            requests.get(1).arrivedAt(), requests.get(2).arrivedAt()))
                    .isGreaterThan(ofMillis(950));
        }
    }

    @Test
    void readsWhatHasChangedFromADeltaLink() {
        FakeGraph api = api(5);
        try (TestServer server = api.start();
                Connector connector = Connector.builder(server.url()).build()) {
            AtomicReference<String> link = new AtomicReference<>();
            assertThat(ids(connector, delta(Request.get("/v1.0/users/delta").query("$top", 2), link)))
                    .isEqualTo(upTo(5));

            api.change("{\"id\":\"u2\",\"displayName\":\"another\"}");
            api.change("{\"id\":\"u9\",\"displayName\":\"new\"}");
            api.change("{\"id\":\"u1\",\"@removed\":{\"reason\":\"deleted\"}}");
            String first = link.get();
            assertThat(ids(connector, delta(Request.of("GET", URI.create(first)), link)))
                    .containsExactlyInAnyOrder("u2", "u9", "u1");

            assertThat(link.get()).isNotEqualTo(first);
            assertThat(ids(connector, delta(Request.of("GET", URI.create(link.get())), link)))
                    .isEmpty();
        }
    }

    @Test
    void tellsWhereToBeginAnewWhenADeltaLinkHasExpired() {
        FakeGraph api = api(5).expiring().onRequest(4).once();
        try (TestServer server = api.start();
                Connector connector = Connector.builder(server.url()).build()) {
            AtomicReference<String> link = new AtomicReference<>();
            ids(connector, delta(Request.get("/v1.0/users/delta").query("$top", 2), link));

            Reading<JsonNode> reading =
                    Reading.of(connector.records(delta(Request.of("GET", URI.create(link.get())), link)));

            assertThat(reading.records()).isEmpty();
            assertThat(reading.stop().page()).isEqualTo(1);
            assertThat(reading.failure()).isInstanceOf(HttpStatusException.class);
            HttpStatusException gone = (HttpStatusException) reading.failure();
            assertThat(gone.status()).isEqualTo(410);
            assertThat(gone.kind()).isEqualTo(FailureKind.CONFIGURATION);
            assertThat(server.requests()).hasSize(4);

            URI anew = URI.create(gone.headers().first("Location").orElseThrow());
            assertThat(ids(connector, delta(Request.of("GET", anew), link))).isEqualTo(upTo(5));
        }
    }

    @Test
    void readsContentFromAStorageThatMustNotSeeTheToken() {
        try (TestServer storage = TestServer.builder()
                        .route("/**", FakeGraph.signedStorage("application/json", "[1,2,3]"))
                        .start();
                TestServer server = api(1).redirecting("/v1.0/me/content", storage.url() + "/signed?sig=a%2Fb")
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of("t")))
                        .origins(OriginPolicy.sameOrigin().strip())
                        .build()) {
            assertThat(connector
                            .records(Endpoint.get("/v1.0/me/content").items(Integer.class))
                            .collectList()
                            .block(SOON))
                    .containsExactly(1, 2, 3);

            assertThat(storage.requests()).hasSize(1).allSatisfy(request -> {
                assertThat(request.header("Authorization")).isEmpty();
                assertThat(request.uri()).isEqualTo("/signed?sig=a%2Fb");
            });
        }
    }

    @Test
    void failsAtALinkThatIsNoText() {
        try (TestServer server = api(5).answering(
                                "application/json", "{\"@odata.nextLink\":17,\"value\":[{\"id\":\"u3\"}]}")
                        .onRequest(2)
                        .once()
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<JsonNode> reading = Reading.of(connector.records(USERS));

            // The page that names it is whole.
            assertThat(reading.records()).hasSize(3);
            assertThat(reading.failure()).isInstanceOf(PaginationException.class);
            assertThat(reading.stop().page()).isEqualTo(2);
        }
    }

    private static Endpoint<JsonNode> delta(Request request, AtomicReference<String> link) {
        return Endpoint.of(request)
                .paginate(new Noting(NEXT_LINK, "/@odata.deltaLink", link::set))
                .at("/value");
    }

    private static FakeGraph api(int users) {
        return FakeGraph.collection("/v1.0/users", FakeGraph.users(users));
    }

    private static List<String> ids(Connector connector, Endpoint<JsonNode> users) {
        return connector
                .records(users)
                .map(user -> user.at("/id").asString())
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<String> upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(n -> "u" + n).toList();
    }
}
