package dev.headrace.resilience;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.http.Request;
import dev.headrace.http.RetryAfter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

/** Rows K4, K12, K20, A24, A26, A27, L6, L7, R4, R5: how long a retry waits. */
class RetryBackoffTest {

    private static final Request GET = Request.get("http://api.test/numbers");
    private static final RetryPolicy STEADY = RetryPolicy.defaults().jitter(0).maxRetries(5);

    static Stream<Arguments> shapes() {
        RetryPolicy factorOne = RetryPolicy.exponential(ofSeconds(1)).jitter(0).maxRetries(5);
        return Stream.of(
                // K12: as urllib3 was measured to wait with factor 1.
                shape("K12", factorOne.firstRetryImmediate(), 0, 2000, 4000, 8000, 16_000),
                // R5: factor 0.3, three retries.
                shape("R5, R4", RetryPolicy.exponential(ofMillis(300)).jitter(0).firstRetryImmediate(), 0, 600, 1200),
                // K4, A24: five retries, doubling from the factor.
                shape("K4, A24", factorOne, 1000, 2000, 4000, 8000, 16_000),
                // L6, L7: three attempts, one second more each time.
                shape("L6, L7", RetryPolicy.linear(ofSeconds(1)).jitter(0).maxRetries(2), 1000, 2000),
                shape("A27", RetryPolicy.fixed(ofSeconds(3)).jitter(0).maxRetries(3), 3000, 3000, 3000),
                shape("capped", factorOne.maxDelay(ofSeconds(3)), 1000, 2000, 3000, 3000, 3000));
    }

    private static Arguments shape(String rows, RetryPolicy policy, long... millis) {
        return Arguments.of(rows, policy, Arrays.stream(millis).boxed().toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void waitsInTheShapeOfItsBackoff(String rows, RetryPolicy policy, List<Long> millis) {
        Answers server = Answers.ofStatus(503);

        StepVerifier.Step<?> steps = StepVerifier.withVirtualTime(
                        () -> policy.asInterceptor().around(server).exchange(GET))
                .expectSubscription();
        for (int retry = 0; retry < millis.size(); retry++) {
            int sent = retry + 1;
            if (millis.get(retry) > 0) {
                steps = steps.thenAwait(ofMillis(millis.get(retry) - 1))
                        .then(() -> assertThat(server.count()).isEqualTo(sent))
                        .thenAwait(ofMillis(1));
            }
            steps = steps.then(() -> assertThat(server.count()).isEqualTo(sent + 1));
        }
        steps.expectNextCount(1).verifyComplete();
        assertThat(server.count()).isEqualTo(millis.size() + 1);
    }

    @Test
    void spreadsWaitsByChanceButNeverBelowTheFirstNorAboveTheLongest() {
        Backoff backoff = new Backoff(Backoff.Shape.EXPONENTIAL, ofMillis(100), ofMillis(1000), 0.5, false);

        for (int round = 0; round < 1_000; round++) {
            assertThat(backoff.before(1)).isBetween(ofMillis(100), ofMillis(150));
            assertThat(backoff.before(3)).isBetween(ofMillis(200), ofMillis(600));
            assertThat(backoff.before(50)).isBetween(ofMillis(500), ofMillis(1000));
            assertThat(backoff.before(5_000)).isBetween(ofMillis(500), ofMillis(1000));
        }
    }

    /** Row A26: the first place that says anything wins, Retry-After last. */
    @Test
    void waitsAsAHeaderOfTheUsersChoiceSays() {
        RetryPolicy policy = STEADY.waitFrom(RetryAfter.secondsIn("X-Missing"))
                .waitFrom(RetryAfter.secondsIn("X-Wait", "(\\d+) seconds"));

        assertWaits(policy, ofMillis(7_500), "X-Wait", "please wait 7 seconds", "Retry-After", "60");
        assertWaits(policy, ofMillis(60_500), "Retry-After", "60");
    }

    /** Row A27: until a moment in a header. */
    @Test
    void waitsUntilTheMomentThatAHeaderSays() {
        assertWaits(
                STEADY.waitFrom(RetryAfter.untilIn("X-Reset")),
                ofMillis(30_500),
                "Date",
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "X-Reset",
                "784111807");
    }

    /** Row K20. */
    @Test
    void paysNoAttentionToRetryAfterWhenToldSo() {
        assertWaits(STEADY, ofMillis(9_500), "Retry-After", "9");
        assertWaits(STEADY.ignoreRetryAfter(), ofMillis(500), "Retry-After", "9");
    }

    @Test
    void refusesWaitsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.fixed(Duration.ZERO))
                .withMessageContaining("firstDelay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STEADY.jitter(1.5))
                .withMessageContaining("jitter");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.linear(ofSeconds(2)).maxDelay(ofSeconds(1)))
                .withMessageContaining("maxDelay");
        assertThat(RetryPolicy.fixed(ofMinutes(2)).maxDelay()).isEqualTo(ofMinutes(2));
    }

    private static void assertWaits(RetryPolicy policy, Duration wait, String... headers) {
        Answers server = Answers.of(Answers.status(503, headers), Answers.status(200));

        StepVerifier.withVirtualTime(() -> policy.asInterceptor().around(server).exchange(GET))
                .expectSubscription()
                .expectNoEvent(wait)
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
    }
}
