package dev.headrace.auth;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;

/** One token, and never more than one renewal of it at a time (rows A12, L74). All in virtual time. */
class TokenCacheTest {

    private static final Duration LIFE = ofMinutes(10);
    private static final Duration EARLY = ofSeconds(30);

    private final AtomicInteger renewals = new AtomicInteger();
    private @Nullable RuntimeException failure;

    @Test
    void renewsOnceForAHundredCallers() {
        StepVerifier.withVirtualTime(() -> {
                    TokenCache cache = new TokenCache(null);
                    return Flux.range(0, 100)
                            .flatMap(caller -> cache.get(renewal()), 100)
                            .map(token -> token.value().reveal())
                            .distinct();
                })
                .expectSubscription()
                .expectNoEvent(ofSeconds(1))
                .expectNext("t1")
                .verifyComplete();
        assertThat(renewals).hasValue(1);
    }

    @Test
    void renewsALittleBeforeTheEnd() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);

            assertThat(now(cache, time)).isEqualTo("t1");
            time.advanceTimeBy(LIFE.minus(EARLY).minusSeconds(2));
            assertThat(now(cache, time)).isEqualTo("t1");
            time.advanceTimeBy(ofSeconds(1));
            assertThat(now(cache, time)).isEqualTo("t2");
            assertThat(renewals).hasValue(2);
        });
    }

    @Test
    void renewsAShortLifeInItsLastQuarterOnly() {
        virtually(time -> {
            TokenCache cache = new TokenCache(new Token(Secret.of("short"), Token.now(), ofSeconds(40), EARLY));

            time.advanceTimeBy(ofSeconds(29));
            assertThat(now(cache, time)).isEqualTo("short");
            assertThat(now(cache, time)).isEqualTo("t1");
        });
    }

    @Test
    void tellsAFailureToThoseWhoWaitAndKeepsItNot() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            List<String> told = new ArrayList<>();
            failure = new IllegalStateException("busy");
            for (int caller = 0; caller < 10; caller++) {
                cache.get(renewal()).subscribe(token -> told.add("token"), error -> told.add(error.getMessage()));
            }
            time.advanceTimeBy(ofSeconds(1));
            assertThat(told).hasSize(10).containsOnly("busy");
            assertThat(renewals).hasValue(1);

            failure = null;
            assertThat(now(cache, time)).isEqualTo("t2");
        });
    }

    @Test
    void goesOnWithTheOldTokenWhileTheServerIsBusy() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            assertThat(now(cache, time)).isEqualTo("t1");
            failure = new HeadraceException(FailureKind.TRANSIENT, "busy", null);

            time.advanceTimeBy(LIFE.minusSeconds(10));
            assertThat(now(cache, time)).isEqualTo("t1");
            time.advanceTimeBy(ofSeconds(10));
            assertThat(now(cache, time)).isEqualTo("busy");
        });
    }

    @Test
    void doesNotGoOnWithATokenThatIsRefusedMeanwhile() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            assertThat(now(cache, time)).isEqualTo("t1");
            Token old = fresh(cache);
            failure = new HeadraceException(FailureKind.TRANSIENT, "busy", null);
            time.advanceTimeBy(LIFE.minusSeconds(10));

            List<String> told = new ArrayList<>();
            cache.get(renewal()).subscribe(token -> told.add("token"), error -> told.add(error.getMessage()));
            cache.invalidate(old);
            time.advanceTimeBy(ofSeconds(1));
            assertThat(told).containsExactly("busy");
        });
    }

    @Test
    void goesOnWithNothingWhenTheServerHasRefused() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            assertThat(now(cache, time)).isEqualTo("t1");
            failure = new HeadraceException(FailureKind.CONFIGURATION, "refused", null);

            time.advanceTimeBy(LIFE.minusSeconds(10));
            assertThat(now(cache, time)).isEqualTo("refused");
        });
    }

    @Test
    void renewsForTheOthersWhenTheFirstCallerLeaves() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            List<String> told = new ArrayList<>();
            Disposable first = cache.get(renewal()).subscribe(token -> told.add("first"));
            cache.get(renewal()).subscribe(token -> told.add("second"));

            first.dispose();
            time.advanceTimeBy(ofSeconds(1));
            assertThat(told).containsExactly("second");
            assertThat(renewals).hasValue(1);
        });
    }

    /** A refresh token that can be used once would be used up, and its successor lost. */
    @Test
    void finishesARenewalThatEverybodyHasLeft() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            cache.get(renewal()).subscribe().dispose();

            time.advanceTimeBy(ofSeconds(1));
            assertThat(fresh(cache).value().reveal()).isEqualTo("t1");
            assertThat(now(cache, time)).isEqualTo("t1");
        });
    }

    @Test
    void forgetsTheTokenThatWasRefusedAndNoOther() {
        virtually(time -> {
            TokenCache cache = new TokenCache(null);
            assertThat(now(cache, time)).isEqualTo("t1");
            Token first = fresh(cache);

            cache.invalidate(first);
            assertThat(now(cache, time)).isEqualTo("t2");
            cache.invalidate(first);
            assertThat(now(cache, time)).isEqualTo("t2");
            assertThat(renewals).hasValue(2);
        });
    }

    @Test
    void renewsInAContextOfItsOwn() {
        List<ContextView> contexts = new ArrayList<>();
        TokenCache cache = new TokenCache(null);
        Mono<Token> renewal = Mono.deferContextual(context -> {
            contexts.add(context);
            return Mono.just(token("t"));
        });

        StepVerifier.create(cache.get(renewal).contextWrite(context -> context.put("trace", "the caller's")))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(contexts).hasSize(1).allMatch(ContextView::isEmpty);
    }

    @Test
    void doesNothingBeforeSubscription() {
        new TokenCache(null).get(renewal());

        assertThat(renewals).hasValue(0);
    }

    private Mono<Token> renewal() {
        return Mono.defer(() -> {
            String name = "t" + renewals.incrementAndGet();
            RuntimeException failing = failure;
            return Mono.delay(ofSeconds(1)).map(tick -> {
                if (failing != null) {
                    throw failing;
                }
                return token(name);
            });
        });
    }

    private static Token token(String name) {
        return new Token(Secret.of(name), Token.now(), LIFE, EARLY);
    }

    private static Token fresh(TokenCache cache) {
        return Objects.requireNonNull(cache.fresh());
    }

    /** What a caller gets who asks now and waits for a second. */
    private String now(TokenCache cache, VirtualTimeScheduler time) {
        List<String> got = new ArrayList<>();
        cache.get(renewal()).subscribe(token -> got.add(token.value().reveal()), error -> got.add(error.getMessage()));
        time.advanceTimeBy(ofSeconds(1));
        return String.join(",", got);
    }

    private static void virtually(Consumer<VirtualTimeScheduler> test) {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            test.accept(time);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }
}
