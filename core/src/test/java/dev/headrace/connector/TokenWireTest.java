package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.auth.OAuth2;
import dev.headrace.auth.OAuth2Client;
import dev.headrace.auth.TokenException;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows A12, A13 (refresh only), L74 on a real socket, against an authorization server on another origin than the API. */
class TokenWireTest {

    private static final Duration SOON = ofSeconds(20);
    private static final Request GET = Request.get("/api");

    @Test
    void asksOnceForAHundredConcurrentCallers() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing()
                .client("id", "s3cret")
                .rotating("r1")
                .delaying(ofMillis(500))
                .always();
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, user(servers))) {
            assertThat(statuses(connector, 100)).hasSize(100).containsOnly(200);

            assertThat(tokens.requests()).isEqualTo(1);
            assertThat(servers.api.requests()).hasSize(100);
        }
    }

    /** The authorization server may be anywhere; what the API's credentials are is not its business, nor the other way round. */
    @Test
    void keepsTokenRequestsAndCallsApart() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing();
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, user(servers))
                        .mutate()
                        .header("X-API-Key", "k")
                        .build()) {
            assertThat(statuses(connector, 1)).containsOnly(200);

            assertThat(servers.id.requests().get(0).body()).isEqualTo("grant_type=refresh_token&refresh_token=r1");
            assertThat(servers.id.requests().get(0).header("X-API-Key")).isEmpty();
            assertThat(servers.api.requests().get(0).headers("Authorization")).containsExactly("Bearer a1");
        }
    }

    /** A 401 before the expiry: however many calls are refused with one token, it is renewed once. */
    @Test
    void renewsOnceForAStormOfRefusals() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().rotating("r1");
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, user(servers))) {
            assertThat(statuses(connector, 1)).containsOnly(200);
            for (int round = 1; round <= 5; round++) {
                tokens.revoke();
                assertThat(statuses(connector, 100)).hasSize(100).containsOnly(200);
                assertThat(tokens.requests()).isEqualTo(1 + round);
            }
            assertThat(tokens.mostAtOnce()).isEqualTo(1);
        }
    }

    @Test
    void finishesATokenRequestWhoseCallerHasLeft() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing()
                .rotating("r1")
                .delaying(ofMillis(300))
                .once();
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, user(servers))) {
            Disposable first = connector.exchange(GET, Response::discard).subscribe();
            servers.id.awaitRequests(1, SOON);
            first.dispose();

            // A refresh token that can be used once: a second request would end the authorization.
            assertThat(statuses(connector, 10)).hasSize(10).containsOnly(200);
            assertThat(tokens.requests()).isEqualTo(1);
            assertThat(servers.id.connectionsAccepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1800", "\"1800\"", ""})
    void keepsATokenWhateverIsSaidOfItsLife(String life) {
        FakeTokenEndpoint tokens =
                FakeTokenEndpoint.issuing().refreshToken("r1").expiresIn(life);
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, user(servers).clientInBody())) {
            assertThat(statuses(connector, 1)).containsOnly(200);
            assertThat(statuses(connector, 1)).containsOnly(200);

            assertThat(tokens.requests()).isEqualTo(1);
        }
    }

    @Test
    void triesACallAgainWhenTheAuthorizationServerIsBusyOrGone() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing()
                .failing(429, "slow_down")
                .header("Retry-After", "0")
                .onRequest(1)
                .once()
                .dropping()
                .onRequest(2)
                .once();
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, client(servers))) {
            assertThat(statuses(connector, 1)).containsOnly(200);

            assertThat(tokens.requests()).isEqualTo(3);
            assertThat(servers.api.requests()).hasSize(1);
        }
    }

    @Test
    void saysThatACallWasNotSentForWantOfAToken() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing()
                .failing(503, "temporarily_unavailable")
                .always();
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, client(servers))
                        .mutate()
                        .retry(RetryPolicy.never())
                        .build()) {
            Throwable failure = catchThrowable(() -> connector
                    .exchange(Request.post("/api").json(List.of(1)), Response::discard)
                    .blockLast(SOON));

            assertThat(failure).isInstanceOf(TokenException.class);
            assertThat(((TokenException) failure).kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(((TokenException) failure).requestSent()).isFalse();
            assertThat(servers.api.requests()).isEmpty();
        }
    }

    @Test
    void doesNotTryAgainWhenItIsRefused() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("id", "another secret");
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, client(servers))) {
            Throwable failure = catchThrowable(
                    () -> connector.exchange(GET, Response::discard).blockLast(SOON));

            assertThat(failure).isInstanceOf(TokenException.class).hasMessageContaining("invalid_client");
            assertThat(tokens.requests()).isEqualTo(1);
        }
    }

    /** Callers leave at random while tokens are refused and renewed; single-use refresh tokens would betray a second request at once. */
    @Test
    void servesEveryCallerThatStays() {
        FakeTokenEndpoint tokens =
                FakeTokenEndpoint.issuing().rotating("r1").delaying(ofMillis(2)).always();
        AtomicInteger served = new AtomicInteger();
        try (Servers servers = new Servers(tokens);
                Connector connector = connector(servers, user(servers))) {
            Flux.range(0, 1_000)
                    .flatMap(
                            call -> {
                                if (call % 20 == 0) {
                                    tokens.revoke();
                                }
                                Flux<Integer> status = connector.exchange(
                                        GET, response -> response.discard().thenReturn(response.status()));
                                return call % 3 == 0
                                        ? status.takeUntilOther(Mono.delay(ofMillis(call % 7)))
                                        : status.doOnNext(code -> served.incrementAndGet());
                            },
                            16)
                    .blockLast(ofSeconds(60));

            assertThat(served).hasValue(666);
            assertThat(tokens.mostAtOnce()).isEqualTo(1);
            assertThat(tokens.issued()).isEqualTo(tokens.requests()).isGreaterThan(10);
        }
    }

    private static List<Integer> statuses(Connector connector, int calls) {
        return Flux.range(0, calls)
                .flatMap(
                        call -> connector.exchange(
                                GET, response -> response.discard().thenReturn(response.status())),
                        calls)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static OAuth2 user(Servers servers) {
        return OAuth2.refreshToken(servers.tokenUrl(), "id", Secret.of("s3cret"), Secret.of("r1"));
    }

    private static OAuth2 client(Servers servers) {
        return OAuth2.clientCredentials(servers.tokenUrl(), Mono.just(OAuth2Client.of("id", Secret.of("s3cret"))));
    }

    private static Connector connector(Servers servers, OAuth2 auth) {
        return Connector.builder(servers.api.url())
                .auth(auth)
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    /** An authorization server, and an API that takes its tokens. */
    private static final class Servers implements AutoCloseable {

        private final TestServer id;
        private final TestServer api;

        Servers(FakeTokenEndpoint tokens) {
            id = TestServer.builder().route("/token", tokens).start();
            api = TestServer.builder()
                    .route("/api", tokens.guarding(Route.fixed(200, "text/plain", "in")))
                    .start();
        }

        String tokenUrl() {
            return id.url() + "/token";
        }

        @Override
        public void close() {
            id.close();
            api.close();
        }
    }
}
