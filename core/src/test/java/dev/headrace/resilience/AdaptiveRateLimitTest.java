package dev.headrace.resilience;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Interceptor;
import dev.headrace.http.Response;
import dev.headrace.http.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Rows L68, A27, A28, A48: as fast as the server says. */
class AdaptiveRateLimitTest {

    private final Play play = new Play();
    private final RateLimiter limiter = RateLimitPolicy.adaptive().limiter();
    private final Interceptor admission = Admission.of(limiter, null, null);

    @AfterEach
    void realTime() {
        play.close();
    }

    private static String[] left(int remaining, int reset) {
        return new String[] {
            "X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "" + remaining, "X-RateLimit-Reset", "" + reset
        };
    }

    @Test
    void slowsNothingWhileMuchIsLeft() {
        play.answering(200, left(30, 60)).calls(admission, "a", "b", "c", "d");

        assertThat(play.events).containsExactly("a@0", "b@0", "c@0", "d@0");
    }

    /** Row L68: the few that are left are spread over the time left. */
    @Test
    void spreadsTheLastFewOverTheTimeLeft() {
        play.answering(200, left(4, 20)).calls(admission, "a");
        play.serving(request -> Mono.just(Play.answer(request, 200)));

        play.calls(admission, "b", "c", "d", "e", "f");
        play.pass(ofSeconds(30));
        assertThat(play.events).containsExactly("a@0", "b@0", "c@5000", "d@10000", "e@15000", "f@20000");
    }

    /** Row L68: its rate never went back up. */
    @Test
    void isFreeAgainAfterTheReset() {
        play.answering(200, left(1, 10)).calls(admission, "a");
        play.serving(request -> Mono.just(Play.answer(request, 200)));

        play.pass(ofSeconds(10));
        play.calls(admission, "b", "c", "d", "e");
        assertThat(play.events).containsExactly("a@0", "b@10000", "c@10000", "d@10000", "e@10000");
    }

    @Test
    void waitsForTheResetWhenNothingIsLeft() {
        play.answering(200, left(0, 10)).calls(admission, "a");
        play.calls(admission, "b");

        assertThat(limiter.states()).singleElement().satisfies(state -> {
            assertThat(state.pausedUntil()).isEqualTo(Instant.ofEpochSecond(10));
            assertThat(state.limit()).isEqualTo(60);
            assertThat(state.remaining()).isZero();
            assertThat(state.reset()).isEqualTo(Instant.ofEpochSecond(10));
            assertThat(state.waiting()).isEqualTo(1);
        });
        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("a@0", "b@10000");
    }

    /** Row L68: the limiter of the source never saw the 429. */
    @ParameterizedTest
    @ValueSource(ints = {403, 429, 503})
    void aPauseReachesThoseWhoWaitAlready(int status) {
        RateLimiter both =
                RateLimitPolicy.perSecond(1).and(RateLimitPolicy.adaptive()).limiter();
        play.serving(
                request -> Mono.delay(ofMillis(500)).map(tick -> Play.answer(request, status, "Retry-After", "7")));
        play.calls(Admission.of(both, null, null), "a", "b");

        play.pass(ofMillis(500));
        play.answering(200);
        play.pass(ofSeconds(20));
        assertThat(play.events).containsExactly("a@0", "b@7500");
    }

    /** Row L68. */
    @Test
    void a429WithoutRetryAfterIsAPauseOfFiveSeconds() {
        play.answering(429).calls(admission, "a");
        play.answering(200).calls(admission, "b");

        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("a@0", "b@5000");
    }

    @Test
    void a429WithNothingLeftPausesUntilTheReset() {
        play.answering(429, left(0, 8)).calls(admission, "a");
        play.answering(200).calls(admission, "b");

        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("a@0", "b@8000");
    }

    @Test
    void aVerdictOfBeingTooFastPausesEveryLimiter() {
        Interceptor plain = Admission.of(RateLimitPolicy.perSecond(100).limiter(), null, null);
        play.serving(request ->
                Mono.just(Play.answer(request, 200).withVerdict(new Verdict.RateLimited(Optional.of(ofSeconds(3))))));
        play.calls(plain, "a");
        play.serving(request ->
                Mono.just(Play.answer(request, 429, "Retry-After", "9").withVerdict(new Verdict.Accept())));
        play.calls(plain, "b", "c");

        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("a@0", "b@3000", "c@3000");
    }

    @Test
    void anAbsurdResetFailsInsteadOfHanging() {
        play.answering(200, left(0, 31_536_000)).calls(admission, "a");
        play.answering(200).calls(admission, "b");

        assertThat(play.events).containsExactly("a@0", "b!RateLimitExceededException@0");
        assertThat(play.failures.get(0)).hasMessageContaining("no room for another 86400 s, and it may wait 30 s");
        play.pass(Duration.ofDays(1));
        play.calls(admission, "c");
        assertThat(play.events).last().isEqualTo("c@86400000");
    }

    @Test
    void thoseWhoCannotWaitThatLongHearItAtOnce() {
        RateLimiter both =
                RateLimitPolicy.perSecond(1).and(RateLimitPolicy.adaptive()).limiter();
        play.serving(request -> Mono.delay(ofMillis(500)).map(tick -> Play.answer(request, 429, "Retry-After", "60")));
        play.calls(Admission.of(both, null, null), "a", "b");

        play.pass(ofMillis(500));
        assertThat(play.events).containsExactly("a@0", "b!RateLimitExceededException@500");
    }

    /** What is left in a window only shrinks, whatever order responses come in. */
    @Test
    void aResponseThatWasOvertakenRaisesNothing() {
        Sinks.One<Response> slow = Sinks.one();
        play.serving(request -> slow.asMono()).calls(admission, "slow");
        play.answering(200, left(0, 10)).calls(admission, "fast");
        slow.tryEmitValue(Play.answer(dev.headrace.http.Request.get("http://api.test/slow"), 200, left(40, 10)));

        play.calls(admission, "c");
        play.pass(ofSeconds(10));
        assertThat(play.events).containsExactly("slow@0", "fast@0", "c@10000");
    }

    /** What was let through counts at once, not when its response comes. */
    @Test
    void countsWhatIsOnItsWay() {
        play.answering(200, left(7, 12)).calls(admission, "a");
        play.serving(request -> Mono.never()).calls(admission, "b", "c", "d");

        play.pass(ofSeconds(12));
        assertThat(play.events).containsExactly("a@0", "b@0", "c@0", "d@2000");
    }

    /** Shopify's bucket leaks two a second: one goes when one has leaked. */
    @Test
    void aFullLeakyBucketLetsOneGoWhenOneHasLeaked() {
        play.answering(200, "X-Shopify-Shop-Api-Call-Limit", "40/40").calls(admission, "a");
        play.serving(request -> Mono.never()).calls(admission, "b", "c");

        play.pass(ofSeconds(2));
        assertThat(play.events).containsExactly("a@0", "b@500", "c@1000");
    }

    @Test
    void malformedHeadersChangeNothing() {
        play.answering(200, "X-RateLimit-Remaining", "none", "X-RateLimit-Reset", "never")
                .calls(admission, "a", "b");

        assertThat(play.events).containsExactly("a@0", "b@0");
    }

    @Test
    void aLimiterThatIsNotAdaptiveDoesNotLookAtWhatIsLeft() {
        play.answering(200, left(0, 10))
                .calls(Admission.of(RateLimitPolicy.perSecond(10).limiter(), null, null), "a", "b");

        assertThat(play.events).containsExactly("a@0", "b@0");
    }
}
