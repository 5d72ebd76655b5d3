package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.refused;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long a stream waits before it connects again, in virtual time (L43, L44). */
class ReconnectPolicyTest {

    private static final ReconnectPolicy STEADY = ReconnectPolicy.defaults().jitter(0);

    @Test
    void doublesTheWaitUpToTheLimit() {
        PlayedServer server = new PlayedServer(refused());

        play(server, STEADY, ofMinutes(3));

        assertThat(server.waits()).startsWith(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
    }

    @Test
    void addsUpToHalfByChanceAndNeverReturnsEarlierThanTheFirstDelay() {
        PlayedServer server = new PlayedServer(refused());

        play(server, ReconnectPolicy.defaults(), ofMinutes(10));

        assertThat(server.waits().get(0)).isBetween(1000L, 1500L);
        assertThat(server.waits().get(1)).isBetween(1000L, 3000L);
        assertThat(server.waits().get(2)).isBetween(2000L, 6000L);
        assertThat(server.waits()).allMatch(wait -> wait <= 30_000);
        assertThat(server.waits().stream().skip(6).distinct().count()).isGreaterThan(3);
    }

    @Test
    void waitsWhatTheServerAsksForAndThenItsOwnTime() {
        PlayedServer server = new PlayedServer(brokenAfter("retry: 5000\ndata: a\n\n"));

        play(server, STEADY, ofSeconds(30));

        assertThat(server.waits()).startsWith(6000L, 7000L, 9000L);
    }

    @Test
    void waitsAsLongAsRetryAfterSays() {
        PlayedServer server = new PlayedServer(status(503, Headers.of("Retry-After", "120"), "busy"));

        play(server, STEADY, ofMinutes(5));

        assertThat(server.waits()).startsWith(121_000L, 122_000L);
    }

    @Test
    void takesTheLongerOfRetryAndRetryAfter() {
        PlayedServer server = new PlayedServer(
                brokenAfter("retry: 5000\n"),
                status(429, Headers.of("Retry-After", "3"), ""),
                status(429, Headers.of("Retry-After", "8"), ""));

        play(server, STEADY, ofSeconds(60));

        assertThat(server.waits()).startsWith(6000L, 7000L, 12_000L);
    }

    @Test
    void believesNoServerThatAsksForMoreThanADay() {
        PlayedServer server = new PlayedServer(status(503, Headers.of("Retry-After", "9999999"), ""));

        play(server, STEADY, Duration.ofDays(2));

        assertThat(server.waits())
                .containsExactly(Duration.ofDays(1).plusSeconds(1).toMillis());
    }

    @Test
    void keepsGrowingTheWaitWhenTheServerAcceptsAndEndsAtOnce() {
        PlayedServer server = new PlayedServer(events("data: a\n\n"));

        play(server, STEADY, ofSeconds(40));

        assertThat(server.waits()).startsWith(1000L, 2000L, 4000L, 8000L, 16_000L);
    }

    @Test
    void beginsAnewAfterAMinuteOfHealth() {
        PlayedServer server = new PlayedServer(
                refused(), refused(), upFor(ofSeconds(59)), upFor(ofSeconds(60)), refused(), refused());

        play(server, STEADY, ofMinutes(4));

        assertThat(server.waits()).startsWith(1000L, 2000L, 59_000L + 4000L, 60_000L + 1000L, 2000L, 4000L);
    }

    @Test
    void beginsAnewAfterAnyConnectionIfToldSo() {
        PlayedServer server = new PlayedServer(refused(), refused(), events("data: a\n\n"), refused());

        play(server, STEADY.resetAfter(Duration.ZERO), ofSeconds(20));

        assertThat(server.waits()).startsWith(1000L, 2000L, 1000L, 2000L, 4000L);
    }

    @Test
    void countsTimeWithoutAConnectionAsNoHealth() {
        PlayedServer server = new PlayedServer(status(503, Headers.of("Retry-After", "100"), ""));

        play(server, STEADY, ofMinutes(8));

        assertThat(server.waits()).startsWith(101_000L, 102_000L, 104_000L);
    }

    @Test
    void endsWithTheLastFailureWhenReconnectionsAreUsedUp() {
        PlayedServer server = new PlayedServer(refused(), refused(), status(503));

        StepVerifier.withVirtualTime(
                        () -> server.stream().reconnect(STEADY.maxReconnects(2)).events())
                .thenAwait(ofMinutes(1))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                HttpStatusException.class,
                                refusal -> assertThat(refusal.status()).isEqualTo(503)));
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void completesWhenReconnectionsAreUsedUpAndTheLastEndWasClean() {
        PlayedServer server = new PlayedServer(refused(), events("data: a\n\n"));

        StepVerifier.withVirtualTime(
                        () -> server.stream().reconnect(STEADY.maxReconnects(1)).events())
                .thenAwait(ofMinutes(1))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void countsReconnectionsAnewAfterAMinuteOfHealth() {
        PlayedServer server = new PlayedServer(refused(), upFor(ofSeconds(60)), refused(), refused());

        StepVerifier.withVirtualTime(
                        () -> server.stream().reconnect(STEADY.maxReconnects(2)).events())
                .thenAwait(ofMinutes(5))
                .verifyError(HeadraceException.class);
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void neverConnectsAgainIfToldSo() {
        PlayedServer server = new PlayedServer(refused());

        StepVerifier.create(server.stream().reconnect(ReconnectPolicy.never()).events())
                .verifyError(HeadraceException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void startsWithADelayLongerThanTheLimit() {
        PlayedServer server = new PlayedServer(refused());

        play(server, ReconnectPolicy.exponential(ofSeconds(45)).jitter(0), ofMinutes(3));

        assertThat(server.waits()).startsWith(45_000L, 45_000L);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        List<Runnable> mistakes = List.of(
                () -> ReconnectPolicy.exponential(Duration.ZERO),
                () -> ReconnectPolicy.defaults().maxDelay(ofMillis(-1)),
                () -> ReconnectPolicy.defaults().jitter(1.1),
                () -> ReconnectPolicy.defaults().jitter(Double.NaN),
                () -> ReconnectPolicy.defaults().maxReconnects(-1),
                () -> ReconnectPolicy.defaults().resetAfter(ofMillis(-1)));

        assertThat(mistakes)
                .allSatisfy(mistake -> assertThatIllegalArgumentException().isThrownBy(mistake::run));
    }

    /** Accepts, stays silent for a time, then breaks. */
    private static PlayedServer.Answer upFor(Duration time) {
        return events("")
                .with(response ->
                        PlayedServer.followedBy(response, Mono.delay(time).then(Mono.error(PlayedServer.broken()))));
    }

    /** Reads a stream for a time, whatever comes. */
    private static void play(PlayedServer server, ReconnectPolicy policy, Duration time) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();
        try {
            Disposable reading =
                    server.stream().reconnect(policy).events().onErrorComplete().subscribe();
            clock.advanceTimeBy(time);
            reading.dispose();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }
}
