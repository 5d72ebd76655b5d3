package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.BulkheadState;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** The total deadline ends a call, wherever it is: nothing of it goes on for nobody. */
class DeadlineTest {

    private static final Duration SOON = ofSeconds(10);

    @ParameterizedTest
    @ValueSource(strings = {"/head", "/body"})
    void closesTheConnectionAndGivesThePlaceBack(String path) {
        try (RawServer server = stalling();
                Connector connector = Connector.builder(server.url())
                        .timeouts(Timeouts.defaults().total(ofMillis(200)))
                        .bulkhead(BulkheadPolicy.maxConcurrent(1))
                        .build()) {
            StepVerifier.create(connector
                            .exchange(Request.get(path), Response::bytes)
                            .then())
                    .expectError(ResponseTimeoutException.class)
                    .verify(SOON);

            server.awaitNoOpenConnections(ofSeconds(5));
            assertThat(connector.stats().bulkhead()).contains(new BulkheadState(0, 0));
            assertThat(connector.stats().exchanges().inFlight()).isZero();
        }
    }

    @Test
    void leavesTheLineAndSendsNothing() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .rateLimit(RateLimitPolicy.window(1, ofSeconds(20)))
                        .build()) {
            connector.exchange(Request.get("/a")).block(SOON);

            StepVerifier.create(connector.exchange(
                            Request.get("/b").options(options -> options.timeouts(t -> t.total(ofMillis(50))))))
                    .expectError(ResponseTimeoutException.class)
                    .verify(SOON);
            assertThat(connector.stats().rateLimits().get(0).waiting()).isZero();
        }
    }

    /** Whatever was called before by whichever of the two. */
    @Test
    void isTheVariantsOwn() {
        try (RawServer server = stalling();
                Connector patient = Connector.builder(server.url())
                        .timeouts(Timeouts.defaults().total(ofMinutes(1)))
                        .build()) {
            Connector hasty = patient.mutate()
                    .timeouts(Timeouts.defaults().total(ofMillis(50)))
                    .build();
            StepVerifier.create(patient.exchange(Request.get("/head")))
                    .expectSubscription()
                    .then(() -> StepVerifier.create(hasty.exchange(Request.get("/head")))
                            .expectError(ResponseTimeoutException.class)
                            .verify(SOON))
                    .expectNoEvent(ofMillis(100))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    /** The trial that it was goes to the next. */
    @Test
    void leavesNoCircuitHalfOpen() {
        try (RawServer server = RawServer.script(request -> switch (request.path()) {
                            case "/bad" -> Reply.bytes("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                            case "/stalls" -> Reply.nothing().stall();
                            default -> Reply.ok("x");
                        })
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(1, Duration.ofNanos(1)))
                        .build()) {
            connector.exchange(Request.get("/bad")).block(SOON);

            StepVerifier.create(connector.exchange(
                            Request.get("/stalls").options(options -> options.timeouts(t -> t.total(ofMillis(100))))))
                    .expectError(ResponseTimeoutException.class)
                    .verify(SOON);
            assertThat(connector.exchange(Request.get("/good")).blockOptional(SOON))
                    .isPresent();
        }
    }

    @Test
    void isNoMatterOfACallThatEndsInTime() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .timeouts(Timeouts.defaults().total(ofMinutes(1)))
                        .build()) {
            StepVerifier.create(connector
                            .exchange(Request.get("/a"), Response::bytes)
                            .count())
                    .expectNext(1L)
                    .expectComplete()
                    .verify(SOON);
        }
    }

    private static RawServer stalling() {
        return RawServer.script(request -> request.path().equals("/head")
                        ? Reply.nothing().stall()
                        : Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
                                .stall())
                .start();
    }
}
