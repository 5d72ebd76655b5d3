package dev.headrace.resilience;

import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.http.BodyEnd;
import dev.headrace.http.Headers;
import dev.headrace.http.HeldResponse;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Verdict;
import dev.headrace.resilience.CircuitState.Position;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Rows L87, R8, R9, R30, R70, R71: when a circuit opens, what tries it, and what it never counts. */
class CircuitBreakerTest {

    private static final Duration OPEN = ofSeconds(60);

    private final Play play = new Play();
    private final CircuitBreaker breaker =
            CircuitBreakerPolicy.consecutiveFailures(5, OPEN).breaker();
    private final Interceptor admission = Admission.of(null, breaker, null);

    @AfterEach
    void realTime() {
        play.close();
    }

    private Position position() {
        return breaker.states().get(0).position();
    }

    private void failing(int times) {
        play.answering(503);
        for (int i = 0; i < times; i++) {
            play.call(admission, "f");
        }
        play.answering(200);
    }

    /** Rows L87 and R8: consecutive means without a success between. */
    @ParameterizedTest
    @CsvSource({
        "FFFFF, OPEN",
        "FFFF, CLOSED",
        "FFSFFFF, CLOSED",
        "FFSFFFFF, OPEN",
        "SSSSSSSSFFFFF, OPEN",
        "FSFSFSFSFSFSFSFFFF, CLOSED",
        "FFFFSFFFFSFFFFF, OPEN"
    })
    void opensAfterFiveFailuresInARow(String calls, Position expected) {
        calls.chars().forEach(call -> play.answering(call == 'F' ? 500 : 200).call(admission, "a"));

        assertThat(position()).isEqualTo(expected);
    }

    /** Rows R9 and R30. */
    @Test
    void refusesWhileOpenAndSaysUntilWhen() {
        failing(5);
        play.pass(ofSeconds(1));
        play.events.clear();

        play.call(admission, "a");
        assertThat(play.events).containsExactly("a!CircuitOpenException@1000");
        CircuitOpenException failure = (CircuitOpenException) play.failures.get(0);
        assertThat(failure.retryAt()).contains(Instant.ofEpochSecond(60));
        assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
        assertThat(breaker.states())
                .containsExactly(new CircuitState("http://api.test:80", Position.OPEN, 5, Instant.ofEpochSecond(60)));

        play.pass(ofSeconds(59).minus(ofNanos(1)));
        play.call(admission, "b");
        play.pass(ofNanos(1));
        play.call(admission, "c");
        assertThat(play.events)
                .containsExactly("a!CircuitOpenException@1000", "b!CircuitOpenException@59999", "c@60000");
        assertThat(position()).isEqualTo(Position.CLOSED);
    }

    /** Row L87: one trial, and a failing one opens it for as long again. */
    @Test
    void aFailingTrialOpensItAgain() {
        failing(5);
        play.pass(OPEN);
        failing(1);

        assertThat(breaker.states()).singleElement().satisfies(state -> {
            assertThat(state.position()).isEqualTo(Position.OPEN);
            assertThat(state.retryAt()).isEqualTo(Instant.ofEpochSecond(120));
        });
    }

    @Test
    void onlyTheTrialPassesWhileHalfOpen() {
        failing(5);
        play.pass(OPEN);
        play.events.clear();
        play.serving(request -> Mono.never());

        play.calls(admission, "a", "b");
        assertThat(play.events).containsExactly("a@60000", "b!CircuitOpenException@60000");
        assertThat(((CircuitOpenException) play.failures.get(0)).retryAt()).isEmpty();
        assertThat(position()).isEqualTo(Position.HALF_OPEN);
    }

    @Test
    void aTrialThatIsCancelledGoesToTheNext() {
        failing(5);
        play.pass(OPEN);
        play.serving(request -> Mono.never());
        for (int round = 0; round < 10; round++) {
            play.call(admission, "a").dispose();
        }
        play.answering(200).call(admission, "b");

        assertThat(play.events).last().isEqualTo("b@60000");
        assertThat(position()).isEqualTo(Position.CLOSED);
    }

    @Test
    void aTrialThatNeverReachedTheRemoteGoesToTheNext() {
        failing(5);
        play.pass(OPEN);
        play.serving(request -> Mono.empty()).call(admission, "empty");
        play.serving(request -> {
                    throw new IllegalStateException("a mistake");
                })
                .call(admission, "thrown");
        play.serving(request -> Mono.error(new BulkheadFullException(request, "another one's")))
                .call(admission, "refused");
        assertThat(position()).isEqualTo(Position.HALF_OPEN);

        play.answering(200).call(admission, "b");
        assertThat(position()).isEqualTo(Position.CLOSED);
    }

    @Test
    void allTrialsMustSucceed() {
        CircuitBreaker three = CircuitBreakerPolicy.consecutiveFailures(1, OPEN)
                .halfOpenTrials(3)
                .breaker();
        Interceptor tried = Admission.of(null, three, null);
        play.answering(500).call(tried, "a");
        play.pass(OPEN);

        play.answering(200).calls(tried, "b", "c");
        assertThat(three.states().get(0).position()).isEqualTo(Position.HALF_OPEN);
        play.answering(500).call(tried, "d");
        assertThat(three.states().get(0).position()).isEqualTo(Position.OPEN);
        play.pass(OPEN);
        play.answering(200).calls(tried, "e", "f", "g");
        assertThat(three.states().get(0).position()).isEqualTo(Position.CLOSED);
    }

    /** A call from before says nothing about the trial. */
    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void aCallFromBeforeDoesNotDecideTheTrial(int status) {
        var late = reactor.core.publisher.Sinks.<Response>one();
        play.serving(request -> late.asMono()).call(admission, "late");
        Disposable cancelled = play.serving(request -> Mono.never()).call(admission, "cancelled");
        failing(5);
        play.pass(OPEN);
        play.serving(request -> Mono.never()).call(admission, "trial");

        late.tryEmitValue(Play.answer(Request.get("http://api.test/late"), status));
        cancelled.dispose();
        assertThat(position()).isEqualTo(Position.HALF_OPEN);
        play.call(admission, "second");
        assertThat(play.events).last().isEqualTo("second!CircuitOpenException@60000");
    }

    @ParameterizedTest
    @CsvSource({
        "200, CLOSED", "301, CLOSED", "400, CLOSED", "401, CLOSED", "403, CLOSED", "404, CLOSED", "409, CLOSED",
                "422, CLOSED",
        "408, OPEN", "429, OPEN", "500, OPEN", "501, OPEN", "502, OPEN", "503, OPEN", "504, OPEN", "522, OPEN"
    })
    void countsTheRemotesFailuresOnly(int status, Position expected) {
        play.answering(status).calls(admission, "a", "b", "c", "d", "e");

        assertThat(position()).isEqualTo(expected);
    }

    @Test
    void aVerdictSaysMoreThanTheStatus() {
        assertThat(judged(503, new Verdict.Accept())).isEqualTo(Position.CLOSED);
        assertThat(judged(200, new Verdict.Retry(Optional.empty()))).isEqualTo(Position.OPEN);
        assertThat(judged(200, new Verdict.RateLimited(Optional.empty()))).isEqualTo(Position.OPEN);
        assertThat(judged(200, new Verdict.Fail(FailureKind.TRANSIENT, "busy"))).isEqualTo(Position.OPEN);
        assertThat(judged(500, new Verdict.Fail(FailureKind.PERMANENT, "no such thing")))
                .isEqualTo(Position.CLOSED);
        assertThat(judged(401, new Verdict.CredentialsRenewed())).isEqualTo(Position.CLOSED);
    }

    private Position judged(int status, Verdict verdict) {
        CircuitBreaker one = CircuitBreakerPolicy.consecutiveFailures(1, OPEN).breaker();
        play.serving(request -> Mono.just(Play.answer(request, status).withVerdict(verdict)));
        play.call(Admission.of(null, one, null), "a");
        return one.states().get(0).position();
    }

    /** Row R70: who waits for a permit, or is refused one, has not failed. */
    @Test
    void countsFailuresOfTheNetworkAndNotOurOwn() {
        assertThat(failedWith(new IOException("reset"))).isEqualTo(Position.OPEN);
        assertThat(failedWith(new TimeoutException("slow"))).isEqualTo(Position.OPEN);
        assertThat(failedWith(new RateLimitExceededException(Request.get("http://api.test/a"), OPEN, OPEN)))
                .isEqualTo(Position.CLOSED);
        assertThat(failedWith(new IllegalStateException("ours"))).isEqualTo(Position.CLOSED);
    }

    private Position failedWith(Throwable failure) {
        CircuitBreaker one = CircuitBreakerPolicy.consecutiveFailures(1, OPEN).breaker();
        play.serving(request -> Mono.error(failure)).call(Admission.of(null, one, null), "a");
        return one.states().get(0).position();
    }

    /** Row R71. */
    @Test
    void everyKeyHasACircuitOfItsOwn() {
        CircuitBreaker tenants = CircuitBreakerPolicy.consecutiveFailures(1, OPEN)
                .keyedBy((request, context) -> context.<String>get("tenant"))
                .breaker();
        Interceptor guarded = Admission.of(null, tenants, null);
        play.answering(500).call(guarded, "a", Context.of("tenant", "red"));
        play.answering(200).call(guarded, "b", Context.of("tenant", "blue"));
        play.call(guarded, "c", Context.of("tenant", "red"));

        assertThat(play.events).containsExactly("a@0", "b@0", "c!CircuitOpenException@0");
    }

    /** Row R71: the origin unless said. */
    @Test
    void everyOriginHasACircuitOfItsOwn() {
        failing(5);
        play.call(admission, "x", "http://other.test", Context.empty());

        assertThat(play.events).last().isEqualTo("x@0");
    }

    @Test
    void aSlidingWindowOpensAtAShare() {
        CircuitBreaker half =
                CircuitBreakerPolicy.slidingWindow(50, 10, OPEN).minimumCalls(4).breaker();
        Interceptor guarded = Admission.of(null, half, null);
        play.answering(500).calls(guarded, "a", "b");
        play.answering(200).call(guarded, "c");
        assertThat(half.states().get(0).position()).isEqualTo(Position.CLOSED);
        play.call(guarded, "d");
        assertThat(half.states().get(0).position()).isEqualTo(Position.OPEN);
    }

    @Test
    void aWindowOfTimeForgets() {
        CircuitBreaker timed = CircuitBreakerPolicy.slidingWindow(50, ofSeconds(10), OPEN)
                .minimumCalls(3)
                .breaker();
        Interceptor guarded = Admission.of(null, timed, null);
        play.answering(500).calls(guarded, "a", "b");
        play.pass(ofSeconds(11));
        play.answering(500).calls(guarded, "c", "d");
        assertThat(timed.states().get(0).position()).isEqualTo(Position.CLOSED);
        play.call(guarded, "e");
        assertThat(timed.states().get(0).position()).isEqualTo(Position.OPEN);
    }

    /** Decided at the head; a body that breaks later is one more failure. */
    @Test
    void aBrokenBodyIsOneMoreFailure() {
        CircuitBreaker half = CircuitBreakerPolicy.slidingWindow(50, 4, OPEN).breaker();
        Interceptor guarded = Admission.of(null, half, null);
        for (int call = 0; call < 2; call++) {
            HeldResponse held = new HeldResponse(Request.get("http://api.test/a"), 200, Headers.none());
            play.serving(request -> Mono.just(held.response())).call(guarded, "a");
            held.end(BodyEnd.How.FAILED);
        }

        assertThat(half.states().get(0).position()).isEqualTo(Position.OPEN);
    }

    @Test
    void aBodyFromBeforeDoesNotDecideTheTrial() {
        HeldResponse early = new HeldResponse(Request.get("http://api.test/early"), 200, Headers.none());
        play.serving(request -> Mono.just(early.response())).call(admission, "early");
        failing(5);
        play.pass(OPEN);
        play.serving(request -> Mono.never()).call(admission, "trial");

        early.end(BodyEnd.How.FAILED);
        assertThat(position()).isEqualTo(Position.HALF_OPEN);
    }

    @ParameterizedTest
    @CsvSource({"READ, 0", "GIVEN_UP, 0", "FAILED, 1"})
    void aBodyThatIsGivenUpHasNotFailed(BodyEnd.How how, int failures) {
        HeldResponse held = new HeldResponse(Request.get("http://api.test/a"), 200, Headers.none());
        play.serving(request -> Mono.just(held.response())).call(admission, "a");
        held.end(how);

        assertThat(breaker.states().get(0).failures()).isEqualTo(failures);
    }

    @Test
    void circuitsWithoutFailuresAreForgotten() {
        CircuitBreaker tenants = CircuitBreakerPolicy.consecutiveFailures(2, OPEN)
                .keyedBy((Request request) -> request.uri().getPath())
                .breaker();
        Interceptor guarded = Admission.of(null, tenants, null);
        for (int tenant = 0; tenant < 10_000; tenant++) {
            play.answering(tenant % 2 == 0 ? 500 : 200).call(guarded, "" + tenant);
            play.pass(ofSeconds(3));
        }

        assertThat(tenants.states()).hasSizeLessThan(2_500);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> CircuitBreakerPolicy.consecutiveFailures(0, OPEN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreakerPolicy.consecutiveFailures(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> CircuitBreakerPolicy.slidingWindow(101, 5, OPEN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreakerPolicy.slidingWindow(50, Duration.ofMillis(1500), OPEN));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> CircuitBreakerPolicy.slidingWindow(50, 5, OPEN).minimumCalls(6));
    }
}
