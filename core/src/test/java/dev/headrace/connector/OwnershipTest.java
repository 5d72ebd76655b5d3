package dev.headrace.connector;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.Auth;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitExceededException;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * ARCHITECTURE §2, rows K1, K2, K8, K13 to K19, R37 to R46, R52 to R56, M54 (pool): who owns pool, limiter and breaker, and what a variant
 * shares.
 */
class OwnershipTest {

    private static final Duration SOON = ofSeconds(30);
    private static final RateLimitPolicy ONE =
            RateLimitPolicy.window(1, ofMinutes(10)).failFast();

    @Test
    void aVariantSharesThePoolAndTheLimiter() {
        try (RawServer server = ok();
                Connector root = Connector.builder(server.url()).rateLimit(ONE).build()) {
            Connector variant = root.mutate().auth(Auth.bearer(Secret.of("t"))).build();
            call(root);

            assertThatThrownBy(() -> call(variant)).isInstanceOf(RateLimitExceededException.class);
        }
        try (RawServer server = ok();
                Connector root = Connector.builder(server.url()).build()) {
            call(root);
            call(root.mutate().header("X", "1").build());

            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void aVariantHasALimiterOfItsOwnIfItSetsOne() {
        try (RawServer server = ok();
                Connector root = Connector.builder(server.url()).rateLimit(ONE).build()) {
            Connector variant = root.mutate().rateLimit(ONE).build();
            call(root);
            call(variant);

            assertThatThrownBy(() -> call(root)).isInstanceOf(RateLimitExceededException.class);
        }
    }

    @Test
    void aVariantSharesTheBreaker() {
        try (RawServer server = RawServer.script(request -> Reply.bytes("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector root = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(2, ofSeconds(60)))
                        .build()) {
            Connector variant = root.mutate().header("X", "1").build();
            call(root);
            call(variant);

            assertThatThrownBy(() -> call(root)).isInstanceOf(CircuitOpenException.class);
            assertThatThrownBy(() -> call(variant)).isInstanceOf(CircuitOpenException.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, which is what this is about
    void twoConnectorsOfOneBuilderShareNothing() {
        try (RawServer server = ok()) {
            Connector.Builder builder = Connector.builder(server.url()).rateLimit(ONE);
            try (Connector one = builder.build();
                    Connector other = builder.build()) {
                call(one);
                call(other);
                one.close();

                assertThatThrownBy(() -> call(other)).isInstanceOf(RateLimitExceededException.class);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, which is what this is about
    void closingAVariantClosesNothingAndClosingTheRootClosesAll() {
        try (RawServer server = ok();
                Connector root = Connector.builder(server.url()).build()) {
            Connector variant = root.mutate().header("X", "1").build();
            variant.close();
            call(root);
            call(variant);

            root.close();

            assertThatThrownBy(() -> call(variant)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aVariantWithAPoolOfItsOwnClosesThat() {
        try (RawServer server = ok();
                Connector root = Connector.builder(server.url()).build()) {
            Connector variant = root.mutate()
                    .pool(PoolSettings.defaults().maxConnections(1))
                    .build();
            call(root);
            call(variant);
            assertThat(server.connectionsAccepted()).isEqualTo(2);
            variant.close();

            assertThatThrownBy(() -> call(variant)).isInstanceOf(IllegalStateException.class);
            call(root);
        }
    }

    @Test
    void aConnectorForOneStreamIsClosedBehindIt() {
        AtomicReference<Connector> used = new AtomicReference<>();
        AtomicInteger made = new AtomicInteger();
        try (RawServer server = ok()) {
            StepVerifier.create(Connector.using(
                            () -> {
                                made.incrementAndGet();
                                Connector connector =
                                        Connector.builder(server.url()).build();
                                used.set(connector);
                                return connector;
                            },
                            connector -> connector.exchange(Request.get("/")).map(response -> response.text())))
                    .expectNext("x")
                    .verifyComplete();

            assertThat(made).hasValue(1);
            assertThatThrownBy(() -> call(Objects.requireNonNull(used.get())))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aConnectorForOneStreamIsClosedWhenThatFailsOrIsCancelled() {
        AtomicReference<Connector> used = new AtomicReference<>();
        try (RawServer server = ok()) {
            StepVerifier.create(Connector.using(
                            () -> keep(used, Connector.builder(server.url()).build()),
                            connector -> Mono.error(new IllegalArgumentException("mine"))))
                    .verifyErrorMessage("mine");
            assertThatThrownBy(() -> call(Objects.requireNonNull(used.get())))
                    .isInstanceOf(IllegalStateException.class);

            StepVerifier.create(Connector.using(
                            () -> keep(used, Connector.builder(server.url()).build()), connector -> Mono.never()))
                    .expectSubscription()
                    .thenCancel()
                    .verify();
            assertThatThrownBy(() -> call(Objects.requireNonNull(used.get())))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void settingsAreReadAndChangedByAVariantWithoutTouchingTheRoot() {
        Connector root = Connector.builder("http://api.test").build();
        Connector variant = root.mutate()
                .retry(root.settings().retry().maxRetries(7))
                .maxRedirects(1)
                .cookies()
                .name("mine")
                .build();

        assertThat(root.settings().retry().maxRetries()).isEqualTo(3);
        assertThat(root.settings().maxRedirects()).isEqualTo(5);
        assertThat(root.settings().keepsCookies()).isFalse();
        assertThat(root.settings().name()).isEqualTo("api.test");
        assertThat(variant.settings().retry().maxRetries()).isEqualTo(7);
        assertThat(variant.settings().retry().statuses())
                .isEqualTo(root.settings().retry().statuses());
        assertThat(variant.settings().maxRedirects()).isEqualTo(1);
        assertThat(variant.settings().keepsCookies()).isTrue();
        assertThat(variant.settings().name()).isEqualTo("mine");
    }

    /** Two connectors of one builder have nothing in common but their settings. */
    @Test
    void connectorsOfOneBuilderCountApart() {
        try (RawServer server = ok()) {
            Connector.Builder builder = Connector.builder(server.url());
            try (Connector one = builder.build();
                    Connector other = builder.build()) {
                call(one);

                assertThat(one.stats().exchanges().calls()).isEqualTo(1);
                assertThat(other.stats().exchanges().calls()).isZero();
                assertThat(one.mutate().build().stats().exchanges().calls()).isEqualTo(1);
            }
        }
    }

    /** What an answer means is no matter of how often the remote may be asked. */
    @Test
    void aVariantWithOtherErrorRulesSharesTheRetryBudget() {
        try (RawServer server = ok();
                Connector root = Connector.builder(server.url()).build()) {
            Connector variant = root.mutate().errors(ErrorRules.stripe()).build();
            call(root);
            call(variant);

            assertThat(variant.stats().retries().calls()).isEqualTo(2);
            assertThat(root.stats().retries().calls()).isEqualTo(2);
        }
    }

    private static Connector keep(AtomicReference<Connector> place, Connector connector) {
        place.set(connector);
        return connector;
    }

    private static RawServer ok() {
        return RawServer.script(request -> Reply.ok("x")).start();
    }

    private static void call(Connector connector) {
        connector.exchange(Request.get("/")).block(SOON);
    }
}
