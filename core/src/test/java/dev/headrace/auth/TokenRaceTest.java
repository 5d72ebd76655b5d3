package dev.headrace.auth;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Secret;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Callers come, leave and refuse tokens at random, on several threads. Rounds: 1,000, under {@code -Psoak} 10,000. */
class TokenRaceTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
    private static final int CALLERS = 16;

    @Test
    void servesEveryCallerThatStaysAndRenewsOnceAtATime() {
        Random random = new Random(11);
        TokenCache cache = new TokenCache(null);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger renewals = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger staying = new AtomicInteger();
        Mono<Token> renewal = Mono.defer(() -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            return Mono.delay(Duration.of(renewals.incrementAndGet() % 3 * 100L, ChronoUnit.MICROS))
                    .map(tick -> {
                        underWay.decrementAndGet();
                        return new Token(Secret.of("t"), Token.now(), ofMinutes(10), ofSeconds(30));
                    });
        });

        Flux.range(0, ROUNDS)
                .concatMap(round -> {
                    int leaving = random.nextInt(CALLERS);
                    long leavesAfter = random.nextInt(300);
                    return Flux.range(0, CALLERS)
                            .flatMap(caller -> {
                                Mono<Token> asking = cache.get(renewal).subscribeOn(Schedulers.parallel());
                                if (caller < leaving) {
                                    return asking.takeUntilOther(
                                            Mono.delay(Duration.of(leavesAfter, ChronoUnit.MICROS)));
                                }
                                staying.incrementAndGet();
                                return asking.doOnNext(token -> {
                                    served.incrementAndGet();
                                    cache.invalidate(token);
                                });
                            })
                            .then();
                })
                .blockLast(ofMinutes(2));

        assertThat(served.get()).isEqualTo(staying.get()).isGreaterThan(ROUNDS);
        assertThat(most).hasValue(1);
        assertThat(renewals).hasValueGreaterThan(ROUNDS / 2);
    }

    /** A hundred calls with the same token are refused: the first to be told ends it, and the others find its successor. */
    @Test
    void renewsOnceForAStormOfRefusals() {
        for (int round = 0; round < ROUNDS / 10; round++) {
            AtomicInteger renewals = new AtomicInteger();
            Token refused = new Token(Secret.of("old"), Token.now(), ofMinutes(10), ofSeconds(30));
            TokenCache cache = new TokenCache(refused);
            Mono<Token> renewal = Mono.fromSupplier(() -> new Token(
                            Secret.of("new" + renewals.incrementAndGet()), Token.now(), ofMinutes(10), ofSeconds(30)))
                    .subscribeOn(Schedulers.parallel());

            Long successors = Flux.range(0, 100)
                    .flatMap(
                            caller -> Mono.fromRunnable(() -> cache.invalidate(refused))
                                    .subscribeOn(Schedulers.parallel())
                                    .then(cache.get(renewal)),
                            100)
                    .map(token -> token.value().reveal())
                    .distinct()
                    .count()
                    .block(ofSeconds(10));

            assertThat(successors).isEqualTo(1);
            assertThat(renewals).hasValue(1);
        }
    }
}
