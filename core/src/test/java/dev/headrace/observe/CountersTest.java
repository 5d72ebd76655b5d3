package dev.headrace.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeListeners;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Row R52: the numbers of {@code stats()}. */
class CountersTest {

    private static final Request GET = Request.get("http://api.test/x");

    private final Counters counters = new Counters();
    private final ExchangeListeners listeners = ExchangeListeners.of(List.of(counters));

    @Test
    void standsAtZero() {
        ExchangeCounts counts = counters.snapshot();

        assertThat(counts.calls() + counts.inFlight() + counts.requestsSent()).isZero();
        assertThat(counts.failures()).containsOnlyKeys(FailureKind.values()).containsValues(0L);
        assertThat(counts.meanLatency()).isZero();
    }

    @Test
    void countsEachOutcomeOnce() {
        run(request -> Mono.just(Response.of(request, 200, Headers.none(), new byte[3])));
        run(request -> Mono.just(Response.of(request, 301, Headers.none(), new byte[0])));
        run(request -> Mono.just(Response.of(request, 404, Headers.none(), new byte[0])));
        run(request -> Mono.just(Response.of(request, 500, Headers.none(), new byte[0])));
        run(request -> Mono.just(Response.of(request, 200, Headers.none(), new byte[0])
                .withVerdict(new Verdict.Fail(FailureKind.PERMANENT, "an error in disguise"))));
        run(request -> Mono.error(new ResponseTimeoutException(request, "no response head", Duration.ofSeconds(1))));
        run(request -> Mono.error(new HeadraceException(FailureKind.LOCAL, "full", null)));
        run(request -> Mono.error(new IllegalStateException("closed")));
        StepVerifier.create(calls(request -> Mono.never()).exchange(GET))
                .thenCancel()
                .verify();

        ExchangeCounts counts = counters.snapshot();
        assertThat(counts.calls()).isEqualTo(9);
        assertThat(counts.succeeded()).isEqualTo(1);
        assertThat(counts.failed()).isEqualTo(7);
        assertThat(counts.cancelled()).isEqualTo(1);
        assertThat(counts.inFlight()).isZero();
        assertThat(counts.requestsSent()).isEqualTo(9);
        assertThat(counts.responses()).isEqualTo(new ExchangeCounts.Responses(2, 1, 1, 1));
        assertThat(counts.failures())
                .containsEntry(FailureKind.TRANSIENT, 1L)
                .containsEntry(FailureKind.LOCAL, 2L)
                .containsEntry(FailureKind.PERMANENT, 0L);
        assertThat(counts.timeouts()).isEqualTo(1);
    }

    @Test
    void countsFurtherAttemptsAsRetries() {
        Exchange attempts = listeners.perAttempt().around(request -> Mono.just(ok(request)));

        StepVerifier.create(listeners
                        .perCall()
                        .around(request -> attempts.exchange(request).then(attempts.exchange(request.withAttempt(2))))
                        .exchange(GET))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(counters.snapshot().calls()).isEqualTo(1);
        assertThat(counters.snapshot().requestsSent()).isEqualTo(2);
        assertThat(counters.snapshot().retries()).isEqualTo(1);
    }

    @Test
    void knowsWhatIsInFlightAndHowLongHeadsTook() {
        AtomicInteger number = new AtomicInteger();

        StepVerifier.withVirtualTime(() -> Flux.range(0, 2)
                        .flatMap(i -> calls(request -> Mono.delay(Duration.ofSeconds(number.incrementAndGet() * 2L))
                                        .map(tick -> ok(request)))
                                .exchange(GET)))
                .then(() -> assertThat(counters.snapshot().inFlight()).isEqualTo(2))
                .thenAwait(Duration.ofSeconds(2))
                .expectNextCount(1)
                .then(() -> assertThat(counters.snapshot().inFlight()).isEqualTo(1))
                .thenAwait(Duration.ofSeconds(2))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(counters.snapshot().latency()).isEqualTo(Duration.ofSeconds(6));
        assertThat(counters.snapshot().longestLatency()).isEqualTo(Duration.ofSeconds(4));
        assertThat(counters.snapshot().meanLatency()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void losesNothingWhenManyCountAtOnce() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        Exchange calls = calls(request -> Mono.just(ok(request)));

        StepVerifier.create(Flux.range(0, rounds * 8)
                        .parallel(4)
                        .runOn(Schedulers.parallel())
                        .flatMap(i -> i % 4 == 0
                                ? calls(request -> Mono.<Response>error(
                                                new HeadraceException(FailureKind.TRANSIENT, "again", null)))
                                        .exchange(GET)
                                        .onErrorComplete()
                                : calls.exchange(GET))
                        .sequential())
                .expectNextCount(rounds * 6L)
                .verifyComplete();

        ExchangeCounts counts = counters.snapshot();
        assertThat(counts.calls()).isEqualTo(rounds * 8L);
        assertThat(counts.succeeded()).isEqualTo(rounds * 6L);
        assertThat(counts.failures()).containsEntry(FailureKind.TRANSIENT, rounds * 2L);
        assertThat(counts.inFlight()).isZero();
    }

    private void run(Exchange server) {
        StepVerifier.create(calls(server).exchange(GET).onErrorComplete().then())
                .verifyComplete();
    }

    private Exchange calls(Exchange server) {
        return listeners.perCall().around(listeners.perAttempt().around(server));
    }

    private static Response ok(Request request) {
        return Response.of(request, 200, Headers.none(), new byte[0]);
    }
}
