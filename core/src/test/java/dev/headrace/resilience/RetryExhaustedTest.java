package dev.headrace.resilience;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.resilience.RetryPolicy.OnExhausted;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows K3, K7, R31, R58: what a call ends with when it may not be sent again any more. */
class RetryExhaustedTest {

    private static final Request GET = Request.get("http://api.test/numbers");
    private static final RetryPolicy STRICT = RetryPolicy.defaults().jitter(0).onExhausted(OnExhausted.ERROR);

    /** Rows K7, R31. */
    @Test
    void errorsWithAttemptsAndLastAnswer() {
        StepVerifier.withVirtualTime(() -> call(STRICT, Answers.ofStatus(500, 502, 503, 504)))
                .thenAwait(ofHours(1))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(RetriesExhaustedException.class, exhausted -> {
                            assertThat(exhausted.attempts()).isEqualTo(4);
                            assertThat(exhausted.kind()).isEqualTo(FailureKind.TRANSIENT);
                            assertThat(exhausted.retryAt()).isEmpty();
                            assertThat(exhausted).hasMessageContaining("GET http://api.test/numbers: given up after 4");
                        })
                        .cause()
                        .isInstanceOfSatisfying(HttpStatusException.class, last -> {
                            assertThat(last.status()).isEqualTo(504);
                            assertThat(last.attempt()).isEqualTo(4);
                            assertThat(last.body()).isEqualTo("body");
                        }));
    }

    @Test
    void errorsWithTheLastFailureAsCause() {
        Answers broken = Answers.of(
                request -> Mono.error(new ResponseTimeoutException(request, "no response head", ofSeconds(1))));

        StepVerifier.withVirtualTime(() -> call(STRICT, broken))
                .thenAwait(ofHours(1))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(RetriesExhaustedException.class)
                        .cause()
                        .isInstanceOfSatisfying(
                                ResponseTimeoutException.class,
                                last -> assertThat(last.attempt()).isEqualTo(4)));
    }

    @Test
    void saysUntilWhenIfTheServerAsksForMoreThanTheMaximum() {
        StepVerifier.withVirtualTime(() -> call(STRICT, Answers.of(Answers.status(503, "Retry-After", "300"))))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(RetriesExhaustedException.class, exhausted -> {
                            assertThat(exhausted.attempts()).isEqualTo(1);
                            assertThat(exhausted.retryAt()).contains(Instant.ofEpochSecond(300));
                        }));
    }

    @Test
    void errorsAtOnceWhenTheBudgetIsUsedUp() {
        StepVerifier.create(call(STRICT.budget(0, 0), Answers.ofStatus(503)))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(RetriesExhaustedException.class)
                        .hasMessageContaining("budget"));
    }

    /** Row K7: an answer that is none of retry's business is no error. */
    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404})
    void passesOnWhatItWouldNeverHaveSentAgain(int status) {
        StepVerifier.create(call(STRICT, Answers.ofStatus(status)))
                .expectNextMatches(response -> response.status() == status)
                .verifyComplete();
    }

    /** Row K3: none means none, whatever the server says. */
    @Test
    void sendsNothingAgainWithoutRetries() {
        Answers server = Answers.of(Answers.status(503, "Retry-After", "1"));

        StepVerifier.create(call(STRICT.maxRetries(0), server))
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
        assertThat(server.count()).isEqualTo(1);
    }

    private static Mono<Response> call(RetryPolicy policy, Answers server) {
        return policy.asInterceptor().around(server).exchange(GET);
    }
}
