package dev.headrace.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.resilience.ReplaceableExchange.Replacement;
import dev.headrace.test.ReactiveStreamsTck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ReplaceableExchangeTest {

    private static final Response ONE = Play.answer(Request.get("http://api.test/a"), 200);
    private static final Response OTHER = Play.answer(Request.get("http://api.test/a"), 201);

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersWhenItHandsOn() {
        return ReactiveStreamsTck.testsOf(new Exchanges(by(null, null), false));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersWhenAnotherTakesOver() {
        return ReactiveStreamsTck.testsOf(new Exchanges(by(Mono.just(OTHER), null), false));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersWhenAnotherTakesOverOnItsOwnThread() {
        return ReactiveStreamsTck.testsOf(new Exchanges(by(Mono.just(OTHER), null), true));
    }

    @Test
    void handsOnWhatIsNotReplaced() {
        StepVerifier.create(ReplaceableExchange.of(Mono.just(ONE), by(null, null)))
                .expectNext(ONE)
                .verifyComplete();
        StepVerifier.create(ReplaceableExchange.of(Mono.empty(), by(null, null)))
                .verifyComplete();
        StepVerifier.create(ReplaceableExchange.of(broken("broken"), by(null, null)))
                .verifyErrorMessage("broken");
    }

    @Test
    void replacesAnAnswerAndAFailure() {
        StepVerifier.create(ReplaceableExchange.of(Mono.just(ONE), by(Mono.just(OTHER), null)))
                .expectNext(OTHER)
                .verifyComplete();
        StepVerifier.create(ReplaceableExchange.of(broken("broken"), by(null, Mono.just(OTHER))))
                .expectNext(OTHER)
                .verifyComplete();
    }

    @Test
    void asksOnceAndNotAboutWhatCameInstead() {
        AtomicInteger asked = new AtomicInteger();
        Replacement counting = new Replacement() {
            @Override
            public Mono<Response> insteadOf(Response answer) {
                asked.incrementAndGet();
                return broken("other");
            }

            @Override
            public Mono<Response> insteadOf(Throwable failure) {
                asked.incrementAndGet();
                return Mono.just(OTHER);
            }
        };

        StepVerifier.create(ReplaceableExchange.of(Mono.just(ONE), counting)).verifyErrorMessage("other");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aReplacementThatThrowsIsAFailure() {
        Replacement rude = new Replacement() {
            @Override
            public Mono<Response> insteadOf(Response answer) {
                throw new IllegalStateException("rude");
            }

            @Override
            public Mono<Response> insteadOf(Throwable failure) {
                throw new IllegalStateException("rude");
            }
        };

        StepVerifier.create(ReplaceableExchange.of(Mono.just(ONE), rude)).verifyErrorMessage("rude");
        StepVerifier.create(ReplaceableExchange.of(broken("broken"), rude)).verifyErrorMessage("rude");
    }

    @Test
    void demandThatComesLaterReachesTheReplacement() {
        StepVerifier.create(ReplaceableExchange.of(broken("broken"), by(null, Mono.just(OTHER))), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(OTHER)
                .verifyComplete();
    }

    @Test
    void aCancelReachesWhoeverIsToGive() {
        List<String> cancelled = new ArrayList<>();
        Mono<Response> original = Mono.<Response>never().doOnCancel(() -> cancelled.add("original"));
        Mono<Response> other = Mono.<Response>never().doOnCancel(() -> cancelled.add("other"));

        ReplaceableExchange.of(original, by(null, other)).subscribe().dispose();
        ReplaceableExchange.of(Mono.just(ONE), by(other, null)).subscribe().dispose();
        assertThat(cancelled).containsExactly("original", "other");
    }

    @Test
    void whoeverCancelsBeforeTheReplacementBeginsCancelsIt() {
        List<String> signals = new ArrayList<>();
        BaseSubscriber<Response> reader = new BaseSubscriber<>() {};
        Mono<Response> other = Mono.<Response>never()
                .doOnSubscribe(subscription -> reader.cancel())
                .doOnRequest(n -> signals.add("asked"))
                .doOnCancel(() -> signals.add("cancelled"));

        ReplaceableExchange.of(Mono.just(ONE), by(other, null)).subscribe(reader);
        assertThat(signals).containsExactly("cancelled");
    }

    @Test
    void aCancelIsNotLostWhileAnotherTakesOver() throws Exception {
        int takenOver = 0;
        for (int round = 0; round < 1_000; round++) {
            Sinks.One<Response> head = Sinks.one();
            AtomicInteger cancels = new AtomicInteger();
            AtomicInteger subscriptions = new AtomicInteger();
            Mono<Response> other = Mono.<Response>never()
                    .doOnSubscribe(subscription -> subscriptions.incrementAndGet())
                    .doOnCancel(cancels::incrementAndGet);
            Disposable reader =
                    ReplaceableExchange.of(head.asMono(), by(other, null)).subscribe();

            CyclicBarrier together = new CyclicBarrier(2);
            Thread emission = new Thread(() -> {
                try {
                    together.await();
                    head.tryEmitValue(ONE);
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            });
            emission.start();
            together.await();
            reader.dispose();
            emission.join();

            assertThat(cancels).hasValue(subscriptions.get());
            takenOver += subscriptions.get();
        }
        // Or this would have shown nothing.
        assertThat(takenOver).isPositive();
    }

    private static Mono<Response> broken(String message) {
        return Mono.error(new IllegalStateException(message));
    }

    private static Replacement by(@Nullable Mono<Response> ofAnswer, @Nullable Mono<Response> ofFailure) {
        return new Replacement() {
            @Override
            public @Nullable Mono<Response> insteadOf(Response answer) {
                return ofAnswer;
            }

            @Override
            public @Nullable Mono<Response> insteadOf(Throwable failure) {
                return ofFailure;
            }
        };
    }

    private static final class Exchanges extends PublisherVerification<Response> {

        private final Replacement replacement;
        private final boolean asynchronous;

        Exchanges(Replacement replacement, boolean asynchronous) {
            super(ReactiveStreamsTck.environment());
            this.replacement = replacement;
            this.asynchronous = asynchronous;
        }

        @Override
        public Publisher<Response> createPublisher(long elements) {
            Mono<Response> source = elements == 0 ? Mono.empty() : Mono.just(ONE);
            return ReplaceableExchange.of(asynchronous ? source.publishOn(Schedulers.parallel()) : source, replacement);
        }

        @Override
        public Publisher<Response> createFailedPublisher() {
            return ReplaceableExchange.of(broken("failed"), replacement);
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }
    }
}
