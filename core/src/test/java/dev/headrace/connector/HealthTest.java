package dev.headrace.connector;

import static dev.headrace.resilience.ErrorCondition.status;
import static dev.headrace.resilience.ErrorRule.when;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Health.Status;
import dev.headrace.error.FailureKind;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Request;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.ErrorRule;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Rows L10, L11: health. */
class HealthTest {

    private static final Duration SOON = ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "200, UP",
        "204, UP",
        "302, UP",
        "404, UP",
        "405, UP",
        "401, DEGRADED",
        "403, DEGRADED",
        "429, DEGRADED",
        "500, DOWN",
        "501, DOWN",
        "503, DOWN"
    })
    void isJudgedByTheStatus(int status, Status expected) {
        try (RawServer server = answering(status);
                Connector connector = Connector.builder(server.url()).build()) {
            Health health = connector.health().blockOptional(SOON).orElseThrow();

            assertThat(health.status()).isEqualTo(expected);
            assertThat(health.statusCode()).isEqualTo(status);
            assertThat(health.isUsable()).isEqualTo(expected != Status.DOWN);
            assertThat(health.reason().isEmpty()).isEqualTo(expected == Status.UP);
            assertThat(health.latency()).isPositive();
            // Asked once, whatever the retry policy.
            assertThat(server.requests()).extracting(RecordedRequest::path).containsExactly("/");
        }
    }

    @Test
    void isDownWhenNobodyAnswers() {
        try (Connector connector = Connector.builder("http://127.0.0.1:1").build()) {
            Health health = connector.health().blockOptional(SOON).orElseThrow();

            assertThat(health.status()).isEqualTo(Status.DOWN);
            assertThat(health.statusCode()).isNull();
            assertThat(health.reason()).contains("refused");
        }
    }

    @Test
    void asksWhatItIsTold() {
        try (RawServer server = answering(200);
                Connector connector = Connector.builder(server.url())
                        .healthProbe(Request.head("/ping"))
                        .build()) {
            connector.health().block(SOON);

            assertThat(server.requests())
                    .extracting(request -> request.method() + " " + request.path())
                    .containsExactly("HEAD /ping");
        }
    }

    @Test
    void isDownWithoutAskingWhenTheBreakerIsOpen() {
        try (RawServer server = RawServer.replies(
                                Reply.bytes("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
                                Reply.ok("x"),
                                Reply.ok("x"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(1, ofMinutes(10)))
                        .build()) {
            connector.exchange(Request.get("/")).block(SOON);

            Health health = connector.health().blockOptional(SOON).orElseThrow();

            assertThat(health.status()).isEqualTo(Status.DOWN);
            assertThat(health.latency()).isZero();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void isDegradedWhenWeSlowOurselvesDown() {
        try (RawServer server = answering(200);
                Connector connector = Connector.builder(server.url())
                        .rateLimit(RateLimitPolicy.window(1, ofMinutes(10)).failFast())
                        .build()) {
            assertThat(connector.health().blockOptional(SOON).orElseThrow().status())
                    .isEqualTo(Status.UP);
            assertThat(connector.health().blockOptional(SOON).orElseThrow().status())
                    .isEqualTo(Status.DEGRADED);
        }
    }

    @Test
    void isUnknownWhenThisSideCouldNotAsk() {
        try (RawServer server =
                        RawServer.script(request -> Reply.nothing().stall()).start();
                Connector connector = Connector.builder(server.url())
                        .pool(PoolSettings.defaults().maxConnections(1).acquireTimeout(ofMillis(50)))
                        .build()) {
            var busy = connector.exchange(Request.get("/busy")).subscribe(r -> {}, e -> {});
            server.awaitRequests(1, SOON);

            assertThat(connector.health().blockOptional(SOON).orElseThrow().status())
                    .isEqualTo(Status.UNKNOWN);
            busy.dispose();
        }
    }

    /** That this side is busy says nothing about the remote. */
    @Test
    void isUnknownWhenItsTurnDidNotCome() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (RawServer server = answering(200);
                Connector connector = Connector.builder(server.url())
                        .rateLimit(RateLimitPolicy.window(1, ofSeconds(8)))
                        .build()) {
            connector.exchange(Request.get("/")).block(SOON);

            StepVerifier.create(connector.health())
                    .then(() -> time.advanceTimeBy(ofSeconds(5)))
                    .assertNext(health -> {
                        assertThat(health.status()).isEqualTo(Status.UNKNOWN);
                        assertThat(health.latency()).isZero();
                        assertThat(health.reason()).contains("not sent");
                    })
                    .expectComplete()
                    .verify(SOON);
            assertThat(server.requests()).hasSize(1);
            assertThat(connector.stats().rateLimits().get(0).waiting()).isZero();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    /** Other keys have circuits of their own. */
    @Test
    void isNoMatterOfOtherCircuits() {
        try (RawServer server = RawServer.script(request -> request.path().equals("/b")
                                ? Reply.bytes("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
                                : Reply.nothing().stall())
                        .start();
                RawServer healthy = answering(200);
                Connector connector = Connector.builder(healthy.url())
                        .origins(OriginPolicy.sameOrigin().allow(server.url()))
                        .retry(RetryPolicy.never())
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(1, ofMillis(1)))
                        .build()) {
            connector.exchange(Request.get(server.url() + "/b")).block(SOON);
            Disposable trial = Mono.delay(ofMillis(20))
                    .then(connector.exchange(Request.get(server.url() + "/stalls")))
                    .subscribe(r -> {}, e -> {});
            server.awaitRequests(2, SOON);

            assertThat(connector.health().blockOptional(SOON).orElseThrow().status())
                    .isEqualTo(Status.UP);
            trial.dispose();
        }
    }

    /** A 200 with an error inside is what a rule makes of it. */
    @Test
    void isJudgedByWhatRulesMakeOfTheAnswer() {
        assertThat(statusBy(when(status(200)).rateLimited())).isEqualTo(Status.DEGRADED);
        assertThat(statusBy(when(status(200)).renewCredentials())).isEqualTo(Status.DEGRADED);
        assertThat(statusBy(when(status(200)).retry())).isEqualTo(Status.DOWN);
        assertThat(statusBy(when(status(200)).fail(FailureKind.TRANSIENT))).isEqualTo(Status.DOWN);
        assertThat(statusBy(when(status(200)).fail(FailureKind.PERMANENT))).isEqualTo(Status.UP);
    }

    private static Status statusBy(ErrorRule rule) {
        try (RawServer server = answering(200);
                Connector connector = Connector.builder(server.url())
                        .errors(ErrorRules.of(rule))
                        .build()) {
            return connector.health().blockOptional(SOON).orElseThrow().status();
        }
    }

    private static RawServer answering(int status) {
        return RawServer.script(request -> Reply.bytes("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"))
                .start();
    }
}
