package dev.headrace.resilience;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.ExchangeOptions.Profile;
import dev.headrace.http.Headers;
import dev.headrace.http.HeldResponse;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** What is given back, charged and held at the edges: no window ever sees more than is allowed, and no mistake of others costs a place. */
class PermitsGivenBackTest {

    private static final Request REQUEST = Request.get("http://api.test/a");

    private final Play play = new Play();

    @AfterEach
    void realTime() {
        play.close();
    }

    static Stream<RateLimitPolicy> oneASecond() {
        return Stream.of(
                RateLimitPolicy.window(1, ofSeconds(1)),
                RateLimitPolicy.evenly(1, ofSeconds(1)),
                RateLimitPolicy.perSecond(1));
    }

    /** It has come back by itself meanwhile: whoever waited for a place with it in hand must not give it to a second caller. */
    @ParameterizedTest
    @MethodSource("oneASecond")
    void aPermitThatHasComeBackByItselfIsNotGivenBackAgain(RateLimitPolicy policy) {
        WaitingLine<RateGate> line = policy.limiter().line("a").state();
        var early = ticket(line);
        assertThat(admits(early)).isTrue();
        play.pass(ofSeconds(1));
        var sent = ticket(line);
        assertThat(admits(sent)).isTrue();
        sent.use();

        early.giveBack();
        assertThat(admits(ticket(line))).isFalse();
        play.pass(ofSeconds(1));
        assertThat(admits(ticket(line))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("oneASecond")
    void aPermitGivenBackInTimeIsThereForTheNext(RateLimitPolicy policy) {
        WaitingLine<RateGate> line = policy.limiter().line("a").state();
        var early = ticket(line);
        assertThat(admits(early)).isTrue();
        early.giveBack();

        assertThat(admits(ticket(line))).isTrue();
        assertThat(admits(ticket(line))).isFalse();
    }

    @Test
    void aPermitOfAnOldQuotaIsNotAddedToANewOne() {
        WaitingLine<RateGate> line =
                RateLimitPolicy.adaptive().limiter().line("a").state();
        var early = ticket(line);
        line.change(gate -> gate.observe(
                Play.answer(REQUEST, 200, "X-RateLimit-Remaining", "100", "X-RateLimit-Reset", "5"), now()));
        assertThat(admits(early)).isTrue();
        play.pass(ofSeconds(10));
        line.change(gate -> gate.observe(
                Play.answer(REQUEST, 200, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "60"), now()));

        early.giveBack();
        assertThat(admits(ticket(line))).isFalse();
    }

    /** However heavy: a debt that lasts longer than time can be counted is still a debt. */
    @Test
    void aHugeWeightIsNotForNothing() {
        Interceptor admission = Admission.of(
                RateLimitPolicy.window(1, ofDays(1))
                        .weight(request -> Integer.MAX_VALUE)
                        .failFast()
                        .limiter(),
                null,
                null);

        play.calls(admission, "a", "b", "c");
        assertThat(play.events)
                .containsExactly("a@0", "b!RateLimitExceededException@0", "c!RateLimitExceededException@0");
        play.pass(ofDays(2));
        play.call(admission, "d");
        assertThat(play.events).last().asString().startsWith("d!RateLimitExceededException");
    }

    /** A stream that lives for days is no burst: it has a connection of its own, and holds no place. */
    @Test
    void onlyCallsHavePlaces() {
        Bulkhead one = BulkheadPolicy.maxConcurrent(1).bulkhead();
        Interceptor admission = Admission.of(null, null, one);
        play.serving(request -> Mono.just(new HeldResponse(request, 200, Headers.none()).response()));

        for (Profile profile : Profile.values()) {
            admission
                    .around(play.server())
                    .exchange(Request.get("http://api.test/" + profile).options(options -> options.profile(profile)))
                    .subscribe();
        }
        assertThat(play.events).containsExactlyInAnyOrder("CALL@0", "EVENTS@0", "TRANSFER@0");
        assertThat(one.state()).isEqualTo(new BulkheadState(1, 0));
    }

    /** A verdict may come from anybody's interceptor. */
    @Test
    void anAbsurdVerdictCostsNeitherPlaceNorTrial() {
        Bulkhead one = BulkheadPolicy.maxConcurrent(1).bulkhead();
        CircuitBreaker breaker =
                CircuitBreakerPolicy.consecutiveFailures(1, ofSeconds(1)).breaker();
        Interceptor admission = Admission.of(RateLimitPolicy.perSecond(100).limiter(), breaker, one);
        play.serving(request -> Mono.just(Play.answer(request, 200)
                .withVerdict(new Verdict.RateLimited(Optional.of(Duration.ofSeconds(Long.MIN_VALUE))))));
        play.call(admission, "a");
        play.pass(ofMinutes(1));
        play.answering(200).call(admission, "b");

        assertThat(play.failures).isEmpty();
        assertThat(one.state()).isEqualTo(new BulkheadState(0, 0));
        assertThat(breaker.states().get(0).position()).isEqualTo(CircuitState.Position.CLOSED);
    }

    private static long now() {
        return SchedulerClock.nanos();
    }

    private static WaitingLine<RateGate>.Ticket ticket(WaitingLine<RateGate> line) {
        return line.ticket(REQUEST, 1);
    }

    private static boolean admits(WaitingLine<RateGate>.Ticket ticket) {
        AtomicBoolean in = new AtomicBoolean();
        ticket.enter(() -> in.set(true), refusal -> {});
        return in.get();
    }
}
