package dev.headrace.resilience;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** Rows A28, A45, A48, L62, L66, L67, L69, R6, R7, R29, R72: rates of our own, the line before them, and who leaves it. */
class RateLimitTest {

    private final Play play = new Play();

    @AfterEach
    void realTime() {
        play.close();
    }

    private static Interceptor by(RateLimitPolicy policy) {
        return Admission.of(policy.limiter(), null, null);
    }

    /** Rows L62 and L66: the burst goes at once, then permits trickle. */
    @Test
    void aTokenBucketLetsTheBurstGoAndThenOneByOne() {
        play.calls(by(RateLimitPolicy.perSecond(10).burst(2)), "a", "b", "c", "d");

        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("a@0", "b@0", "c@100", "d@200");
    }

    /** Row L62. */
    @Test
    void theBurstIsASecondsWorthUnlessSaid() {
        RateLimiter fast = RateLimitPolicy.perSecond(2.5).limiter();
        RateLimiter slow = RateLimitPolicy.of(30, Duration.ofMinutes(1)).limiter();

        play.calls(Admission.of(fast, null, null), "a", "b", "c");
        play.calls(Admission.of(slow, null, null), "x", "y");
        play.pass(ofSeconds(2));
        assertThat(play.events).containsExactly("a@0", "b@0", "x@0", "c@400", "y@2000");
    }

    /** Row L67. */
    @Test
    void evenlyNeverLetsTwoGoTogether() {
        Interceptor admission = by(RateLimitPolicy.evenly(4, ofSeconds(1)));

        play.pass(ofSeconds(10));
        play.calls(admission, "a", "b", "c");
        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("a@10000", "b@10250", "c@10500");
    }

    /** Rows R6 and R7: a window begins with the first call, and with the first call after a rest. */
    @Test
    void aWindowBeginsWithTheFirstRequest() {
        Interceptor admission = by(RateLimitPolicy.window(2, ofSeconds(60)).maxWait(ofSeconds(60)));

        play.pass(ofSeconds(5));
        play.calls(admission, "a", "b", "c");
        play.pass(ofSeconds(60));
        assertThat(play.events).containsExactly("a@5000", "b@5000", "c@65000");

        play.pass(ofSeconds(100));
        play.events.clear();
        play.calls(admission, "d", "e", "f");
        play.pass(ofSeconds(60));
        assertThat(play.events).containsExactly("d@165000", "e@165000", "f@225000");
    }

    /** Row A48: several rates at once. */
    @Test
    void aRequestNeedsAPermitOfEveryRate() {
        Interceptor admission =
                by(RateLimitPolicy.window(2, ofSeconds(1)).and(RateLimitPolicy.window(3, ofSeconds(10))));

        play.calls(admission, "a", "b", "c", "d");
        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("a@0", "b@0", "c@1000", "d@10000");
    }

    /** Rows A45 and R29. */
    @Test
    void failsAtOnceWhenTheWaitWouldBeTooLong() {
        Interceptor admission = by(RateLimitPolicy.perSecond(1).maxWait(ofSeconds(2)));

        play.calls(admission, "a", "b", "c", "d");
        assertThat(play.events).containsExactly("a@0", "d!RateLimitExceededException@0");
        RateLimitExceededException failure = (RateLimitExceededException) play.failures.get(0);
        assertThat(failure.retryAt()).contains(Instant.ofEpochMilli(3000));
        assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
        assertThat(failure)
                .hasMessage(
                        "GET http://api.test/d: its rate limit leaves no room for another 3000 ms, and it may wait 2000 ms;"
                                + " try again at 1970-01-01T00:00:03Z or raise maxWait");

        play.pass(ofSeconds(2));
        assertThat(play.events).containsExactly("a@0", "d!RateLimitExceededException@0", "b@1000", "c@2000");
    }

    /** Row A45. */
    @Test
    void failFastNeverWaits() {
        play.calls(by(RateLimitPolicy.perSecond(1).failFast()), "a", "b");

        assertThat(play.events).containsExactly("a@0", "b!RateLimitExceededException@0");
    }

    @Test
    void whoLeavesTheLineSendsNothingAndTheNextMovesUp() {
        RateLimiter limiter = RateLimitPolicy.perSecond(1).limiter();
        Interceptor admission = Admission.of(limiter, null, null);

        play.call(admission, "a");
        Disposable b = play.call(admission, "b");
        Disposable c = play.call(admission, "c");
        play.call(admission, "d");
        play.pass(ofMillis(500));
        c.dispose();
        b.dispose();
        assertThat(limiter.states()).singleElement().matches(state -> state.waiting() == 1);
        play.pass(ofMillis(500));
        assertThat(play.events).containsExactly("a@0", "d@1000");
        assertThat(limiter.states()).singleElement().matches(state -> state.waiting() == 0);
        assertThat(limiter.timers()).isZero();
    }

    @Test
    void anEmptyLineHasNoTimer() {
        RateLimiter limiter = RateLimitPolicy.perSecond(1).limiter();
        Interceptor admission = Admission.of(limiter, null, null);

        play.call(admission, "a");
        Disposable b = play.call(admission, "b");
        assertThat(limiter.timers()).isEqualTo(1);
        b.dispose();
        assertThat(limiter.timers()).isZero();
    }

    /** A heavy request at the head waits for all it needs; light ones behind it do not slip past. */
    @Test
    void aHeavyRequestIsNotOvertaken() {
        Interceptor admission = by(RateLimitPolicy.perSecond(10)
                .burst(5)
                .weight(request -> request.uri().getPath().endsWith("heavy") ? 5 : 1));

        play.calls(admission, "a", "heavy", "b", "c");
        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("a@0", "heavy@100", "b@200", "c@300");
    }

    /** One that weighs more than all permits is sent when they are all there; the rest is owed. */
    @Test
    void aRequestHeavierThanTheBurstIsPaidForByThoseBehind() {
        Interceptor admission = by(RateLimitPolicy.evenly(10, ofSeconds(1))
                .weight(request -> request.uri().getPath().endsWith("heavy") ? 5 : 1));

        play.calls(admission, "heavy", "b", "c");
        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("heavy@0", "b@500", "c@600");
    }

    @Test
    void aWeightOfNothingTakesNothing() {
        play.calls(by(RateLimitPolicy.perSecond(1).weight(request -> 0)), "a", "b", "c");

        assertThat(play.events).containsExactly("a@0", "b@0", "c@0");
    }

    @Test
    void aNegativeWeightIsAnError() {
        StepVerifier.create(by(RateLimitPolicy.perSecond(1).weight(request -> -1))
                        .around(play.server())
                        .exchange(Request.get("http://api.test/a")))
                .verifyErrorMessage("weight must not be negative, but is -1 for GET http://api.test/a");
    }

    /** Row R72: the limit really is shared, by origin unless said. */
    @Test
    void everyOriginHasPermitsOfItsOwn() {
        Interceptor admission = by(RateLimitPolicy.perSecond(1));

        play.call(admission, "a", "http://one.test", Context.empty());
        play.call(admission, "b", "http://two.test", Context.empty());
        play.call(admission, "c", "http://one.test:80", Context.empty());
        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("a@0", "b@0", "c@1000");
    }

    /** Row R72. */
    @Test
    void requestsOfOneKeyShareTheirPermits() {
        Interceptor admission = by(RateLimitPolicy.perSecond(1).keyedBy(request -> request.method()));

        play.call(admission, "a", "http://one.test", Context.empty());
        play.call(admission, "b", "http://two.test", Context.empty());
        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("a@0", "b@1000");
    }

    @Test
    void aTenantInTheContextCanBeTheKey() {
        RateLimiter limiter = RateLimitPolicy.perSecond(1)
                .keyedBy((request, context) -> context.<String>get("tenant"))
                .limiter();
        Interceptor admission = Admission.of(limiter, null, null);

        play.call(admission, "a", Context.of("tenant", "red"));
        play.call(admission, "b", Context.of("tenant", "blue"));
        play.call(admission, "c", Context.of("tenant", "red"));
        play.pass(ofSeconds(1));
        assertThat(play.events).containsExactly("a@0", "b@0", "c@1000");
        assertThat(limiter.states()).extracting(RateLimitState::key).containsExactlyInAnyOrder("red", "blue");
    }

    @Test
    void keysAtRestAreForgotten() {
        RateLimiter limiter = RateLimitPolicy.perSecond(1)
                .keyedBy((Request request) -> request.uri().getPath())
                .limiter();
        Interceptor admission = Admission.of(limiter, null, null);

        for (int round = 0; round < 20; round++) {
            for (int tenant = 0; tenant < 1_000; tenant++) {
                play.call(admission, round + "-" + tenant);
            }
            play.pass(ofSeconds(1));
        }
        assertThat(limiter.states()).hasSizeLessThan(3_000);
    }

    @Test
    void tenThousandReleasedAtOnceNeedNoDeepStack() {
        Interceptor admission = by(RateLimitPolicy.window(10_000, ofSeconds(1)));
        List<Integer> done = new ArrayList<>();
        Flux.range(0, 20_000)
                .flatMap(
                        i -> admission
                                .around(play.server())
                                .exchange(Request.get("http://api.test/" + i))
                                .map(response -> i),
                        20_000)
                .subscribe(done::add);

        assertThat(done).hasSize(10_000);
        play.pass(ofSeconds(1));
        assertThat(done).hasSize(20_000).isSorted();
    }

    /** Waiting one after another, from within the signal of the one before. */
    @Test
    void aCallerThatComesBackAtOnceWaitsAgain() {
        Interceptor admission = by(RateLimitPolicy.evenly(1000, ofSeconds(1)));
        AtomicInteger done = new AtomicInteger();
        admission
                .around(play.server())
                .exchange(Request.get("http://api.test/a"))
                .doOnNext(response -> done.incrementAndGet())
                .repeat(2_000)
                .subscribe();

        play.pass(ofSeconds(1));
        assertThat(done).hasValue(1_001);
    }

    @Test
    void nothingIsTakenBeforeSubscription() {
        RateLimiter limiter = RateLimitPolicy.perSecond(1).limiter();
        Admission.of(limiter, null, null).around(play.server()).exchange(Request.get("http://api.test/a"));

        assertThat(limiter.states()).isEmpty();
    }

    /** Row L69: settings that make no sense fail where they are made. */
    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitPolicy.perSecond(0));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitPolicy.perSecond(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitPolicy.of(0, ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitPolicy.window(1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitPolicy.evenly(1, ofSeconds(1)).burst(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitPolicy.perSecond(1).burst(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitPolicy.perSecond(1).maxWait(ofSeconds(-1)));
    }
}
