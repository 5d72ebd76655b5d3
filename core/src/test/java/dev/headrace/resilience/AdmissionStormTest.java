package dev.headrace.resilience;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Cancelling at any moment, in line, in flight and after the head, leaves no waiter, permit, timer, place or trial behind. Rounds: 1,000,
 * under {@code -Psoak} 10,000.
 */
class AdmissionStormTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;

    private final RateLimiter limiter =
            RateLimitPolicy.perSecond(4_000).burst(4).limiter();
    private final CircuitBreaker breaker = CircuitBreakerPolicy.slidingWindow(50, 10, ofMillis(3))
            .minimumCalls(4)
            .halfOpenTrials(2)
            .breaker();
    private final Bulkhead bulkhead =
            BulkheadPolicy.maxConcurrent(3).maxQueued(ROUNDS).bulkhead();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void leavesNothingBehindOnRealThreads() {
        Random random = new Random(11);
        Admission admission = Admission.of(limiter, breaker, bulkhead);
        Flux.range(0, ROUNDS)
                .flatMap(
                        round -> {
                            Duration head = micros(random, 400);
                            int status = random.nextInt(2) == 0 ? 500 : 200;
                            boolean broken = random.nextInt(8) == 0;
                            Mono<Response> call = admission
                                    .around(request -> Mono.defer(() -> {
                                                sent.incrementAndGet();
                                                return Mono.delay(head);
                                            })
                                            .map(tick -> {
                                                if (broken) {
                                                    throw new IllegalStateException("broken");
                                                }
                                                return Play.answer(request, status);
                                            }))
                                    .exchange(Request.get("http://api.test/a"));
                            return finishing(call.flux(), micros(random, 6_000));
                        },
                        24)
                .blockLast(ofMinutes(5));

        // It was a storm: some were sent, the circuit refused some, and some left the lines.
        assertThat(sent).hasPositiveValue();
        assertThat(refused).hasPositiveValue();
        assertThat(sent.get() + refused.get()).isLessThan(ROUNDS);
        assertNothingIsLeft(Admission.of(limiter, breaker, bulkhead)
                .around(request -> Mono.just(Play.answer(request, 200)))
                .exchange(Request.get("http://api.test/a"))
                .map(response -> response.status() == 200)
                .onErrorReturn(false));
    }

    @Test
    void leavesNothingBehindOnTheWire() {
        Random random = new Random(12);
        FakeApi api = FakeApi.linkHeader("/issues", FakeApi.issues(2_000))
                .failing(503)
                .onPage(1)
                .times(ROUNDS / 4);
        try (TestServer server = api.start();
                Connector connector = Connector.builder(server.url())
                        .interceptor(Admission.of(limiter, breaker, bulkhead))
                        .build()) {
            Flux.range(0, ROUNDS)
                    .flatMap(
                            round -> finishing(
                                    connector.exchange(
                                            Request.get("/issues").options(options -> options.retry(false)),
                                            Response::bytes),
                                    micros(random, 8_000)),
                            16)
                    .blockLast(ofMinutes(5));

            assertNothingIsLeft(connector
                    .exchange(
                            Request.get("/issues").options(options -> options.retry(false)),
                            response -> response.bytes().then(Mono.just(response.status() < 500)))
                    .onErrorReturn(false)
                    .next());
        }
    }

    private Mono<Void> finishing(Flux<?> call, Duration cancelAfter) {
        // Who is refused rests a little, or all rounds would be refused while one trial is on its way.
        return call.map(Object.class::cast)
                .onErrorResume(CircuitOpenException.class, open -> {
                    refused.incrementAndGet();
                    return Mono.delay(ofMillis(2)).cast(Object.class);
                })
                .takeUntilOther(Mono.delay(cancelAfter))
                .then()
                .doOnTerminate(finished::incrementAndGet)
                .onErrorComplete();
    }

    private static Duration micros(Random random, int bound) {
        return Duration.of(random.nextInt(bound), ChronoUnit.MICROS);
    }

    private void assertNothingIsLeft(Mono<Boolean> call) {
        assertThat(finished).hasValue(ROUNDS);
        awaits("every place is free", () -> bulkhead.state().equals(new BulkheadState(0, 0)) && !bulkhead.hasTimer());
        awaits(
                "every permit is back",
                () -> limiter.states().stream()
                                .allMatch(state ->
                                        state.waiting() == 0 && Long.valueOf(4).equals(state.available()))
                        && limiter.timers() == 0);
        // The trials of a half-open circuit would be gone for good if one had been lost.
        awaits(
                "the circuit closes",
                call.map(ignored -> breaker.states().get(0).position() == CircuitState.Position.CLOSED));
    }

    private static void awaits(String what, BooleanSupplier condition) {
        awaits(what, Mono.fromCallable(condition::getAsBoolean));
    }

    private static void awaits(String what, Mono<Boolean> condition) {
        assertThat(condition
                        .repeatWhen(times -> times.delayElements(ofMillis(5)))
                        .takeUntil(done -> done)
                        .then(Mono.just(true))
                        .onErrorReturn(false)
                        .block(ofSeconds(20)))
                .as(what)
                .isTrue();
    }
}
