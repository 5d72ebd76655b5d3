package dev.headrace.resilience;

import static java.time.Duration.ofMillis;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows R70 and R73: the places of a bulkhead, and the order in which an attempt asks limiter, bulkhead and circuit. */
class AdmissionTest {

    private final Play play = new Play();
    private final List<HeldResponse> held = new ArrayList<>();
    private final Bulkhead two =
            BulkheadPolicy.maxConcurrent(2).maxWait(ofSeconds(5)).maxQueued(2).bulkhead();
    private final Interceptor admission = Admission.of(null, null, two);

    @AfterEach
    void realTime() {
        play.close();
    }

    private Play holding() {
        return play.serving(request -> {
            HeldResponse response = new HeldResponse(request, 200, Headers.none());
            held.add(response);
            return Mono.just(response.response());
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPlaceIsHeldUntilTheBodyHasEnded(BodyEnd.How how) {
        holding().calls(admission, "a", "b", "c");
        assertThat(play.events).containsExactly("a@0", "b@0");
        assertThat(two.state()).isEqualTo(new BulkheadState(2, 1));

        play.pass(ofSeconds(1));
        held.get(0).end(how);
        assertThat(play.events).containsExactly("a@0", "b@0", "c@1000");
        held.get(1).end(how);
        held.get(2).end(how);
        assertThat(two.state()).isEqualTo(new BulkheadState(0, 0));
        assertThat(two.hasTimer()).isFalse();
    }

    /** Row R73: the line is bounded in time. */
    @Test
    void whoFindsNoPlaceInTimeFails() {
        holding().calls(admission, "a", "b", "c");
        play.pass(ofSeconds(5));

        assertThat(play.events).containsExactly("a@0", "b@0", "c!BulkheadFullException@5000");
        assertThat(((BulkheadFullException) play.failures.get(0)).kind()).isEqualTo(FailureKind.LOCAL);
        assertThat(play.failures.get(0))
                .hasMessageContaining("2 exchanges are running and no place became free within 5000 ms");
        assertThat(two.state()).isEqualTo(new BulkheadState(2, 0));
        assertThat(two.hasTimer()).isFalse();
    }

    /** Row R73: the line is bounded in length. */
    @Test
    void aFullLineFailsAtOnce() {
        holding().calls(admission, "a", "b", "c", "d", "e");

        assertThat(play.events).containsExactly("a@0", "b@0", "e!BulkheadFullException@0");
    }

    @Test
    void aPlaceIsFreeAfterAFailureOrACancel() {
        play.serving(request -> Mono.error(new IllegalStateException("broken"))).call(admission, "a");
        Disposable b = play.serving(request -> Mono.never()).call(admission, "b");
        b.dispose();
        play.serving(request -> Mono.empty()).call(admission, "c");

        assertThat(two.state()).isEqualTo(new BulkheadState(0, 0));
    }

    @Test
    void whoLeavesTheLineTakesNoPlace() {
        holding().calls(admission, "a", "b");
        Disposable c = play.call(admission, "c");
        play.call(admission, "d");
        c.dispose();
        held.get(0).end(BodyEnd.How.READ);

        assertThat(play.events).containsExactly("a@0", "b@0", "d@0");
        assertThat(two.state()).isEqualTo(new BulkheadState(2, 0));
    }

    @Test
    void anOpenCircuitTakesNoRatePermit() {
        RateLimiter limiter = RateLimitPolicy.window(10, ofSeconds(60)).limiter();
        CircuitBreaker breaker =
                CircuitBreakerPolicy.consecutiveFailures(1, ofSeconds(10)).breaker();
        Interceptor all = Admission.of(limiter, breaker, two);
        play.answering(500).call(all, "a");
        play.answering(200).calls(all, "b", "c");

        assertThat(play.events).containsExactly("a@0", "b!CircuitOpenException@0", "c!CircuitOpenException@0");
        assertThat(limiter.states()).extracting(RateLimitState::available).containsExactly(9L);
    }

    @Test
    void whoIsRefusedByTheHalfOpenCircuitGivesThePermitBack() {
        RateLimiter limiter = RateLimitPolicy.window(10, ofSeconds(60)).limiter();
        CircuitBreaker breaker =
                CircuitBreakerPolicy.consecutiveFailures(1, ofSeconds(10)).breaker();
        Interceptor all = Admission.of(limiter, breaker, two);
        play.answering(500).call(all, "a");
        play.pass(ofSeconds(10));
        play.serving(request -> Mono.never()).calls(all, "trial", "b");

        assertThat(play.events).containsExactly("a@0", "trial@10000", "b!CircuitOpenException@10000");
        assertThat(limiter.states()).extracting(RateLimitState::available).containsExactly(8L);
        assertThat(two.state()).isEqualTo(new BulkheadState(1, 0));
    }

    /** A wait in line is no trial: whoever waits holds up nobody. */
    @Test
    void waitingForAPermitHoldsNoTrial() {
        RateLimiter limiter = RateLimitPolicy.evenly(1, ofSeconds(20))
                .keyedBy((Request request) -> request.uri().getPath())
                .limiter();
        CircuitBreaker breaker =
                CircuitBreakerPolicy.consecutiveFailures(1, ofSeconds(10)).breaker();
        Interceptor all = Admission.of(limiter, breaker, null);
        play.answering(500).call(all, "slow");
        play.pass(ofSeconds(10));
        play.answering(200).calls(all, "slow", "quick");

        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("slow@0", "quick@10000", "slow@20000");
    }

    @Test
    void whoCancelsWhileWaitingForAPlaceGivesTheRatePermitBack() {
        RateLimiter limiter = RateLimitPolicy.window(10, ofSeconds(60)).limiter();
        Interceptor all =
                Admission.of(limiter, null, BulkheadPolicy.maxConcurrent(1).bulkhead());
        holding().call(all, "a");
        Disposable b = play.call(all, "b");
        assertThat(limiter.states()).extracting(RateLimitState::available).containsExactly(8L);
        b.dispose();

        assertThat(limiter.states()).extracting(RateLimitState::available).containsExactly(9L);
    }

    @Test
    void aPermitThatIsGivenBackGoesToTheNextInLine() {
        RateLimiter limiter = RateLimitPolicy.window(2, ofSeconds(20)).limiter();
        Bulkhead one = BulkheadPolicy.maxConcurrent(1).bulkhead();
        holding().call(Admission.of(limiter, null, one), "a");
        Disposable b = play.call(Admission.of(limiter, null, one), "b");
        play.call(Admission.of(limiter, null, null), "c");
        play.pass(ofMillis(10));
        b.dispose();

        assertThat(play.events).containsExactly("a@0", "c@10");
        assertThat(limiter.timers()).isZero();
    }

    @Test
    void aPermitOnceUsedStaysUsed() {
        RateLimiter limiter = RateLimitPolicy.window(10, ofSeconds(60)).limiter();
        play.serving(request -> Mono.never())
                .call(Admission.of(limiter, null, null), "a")
                .dispose();

        assertThat(limiter.states()).extracting(RateLimitState::available).containsExactly(9L);
    }

    /** A caller that cancels before it could be let in leaves everything as if it had not come. */
    @Test
    void whoCancelsAtOnceTakesNothing() {
        RateLimiter limiter = RateLimitPolicy.window(10, ofSeconds(60)).limiter();
        Interceptor all = Admission.of(
                limiter,
                CircuitBreakerPolicy.consecutiveFailures(1, ofSeconds(10)).breaker(),
                two);
        all.around(play.server()).exchange(Request.get("http://api.test/a")).subscribe(new BaseSubscriber<Response>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                cancel();
            }
        });

        assertThat(play.events).isEmpty();
        assertThat(limiter.states()).extracting(RateLimitState::available).containsExactly(10L);
        assertThat(two.state()).isEqualTo(new BulkheadState(0, 0));
    }

    @Test
    void handsTheResponseOnWhenItIsAskedFor() {
        StepVerifier.create(admission.around(play.server()).exchange(Request.get("http://api.test/a")), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void aRestOfTheChainThatThrowsFailsTheCallAndHoldsNothing() {
        play.call(
                (request, next) -> admission.intercept(request, same -> {
                    throw new IllegalStateException("rude");
                }),
                "a");

        assertThat(play.events).containsExactly("a!IllegalStateException@0");
        assertThat(two.state()).isEqualTo(new BulkheadState(0, 0));
    }

    @Test
    void aKeyFunctionThatThrowsFailsTheCallAndHoldsNothing() {
        RateLimiter limiter = RateLimitPolicy.perSecond(1)
                .keyedBy((Request request) -> {
                    throw new IllegalStateException("no key");
                })
                .limiter();
        play.call(Admission.of(limiter, null, two), "a");

        assertThat(play.events).containsExactly("a!IllegalStateException@0");
        assertThat(two.state()).isEqualTo(new BulkheadState(0, 0));
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> BulkheadPolicy.maxConcurrent(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BulkheadPolicy.maxConcurrent(1).maxQueued(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BulkheadPolicy.maxConcurrent(1).maxWait(ofSeconds(-1)));
    }
}
