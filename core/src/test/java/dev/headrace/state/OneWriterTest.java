package dev.headrace.state;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** One subscription at a time saves under a key of a store. Row L85. */
class OneWriterTest {

    private static final Duration SOON = ofSeconds(10);

    private final RecordingStore store = new RecordingStore();

    private static Flux<Numbered> committing(Flux<Numbered> elements, StateStore store, String key) {
        return elements.transform(Checkpoints.committing(store, key, CommitPolicy.every(1)));
    }

    private Flux<Numbered> numbers() {
        return committing(Flux.range(1, 3).map(Numbered::at), store, "key");
    }

    @Test
    void refusesTheSecondBeforeAnElementIsAskedFor() {
        Disposable first = committing(Flux.never(), store, "key").subscribe();
        TestPublisher<Numbered> elements = TestPublisher.create();

        StepVerifier.create(committing(elements.flux(), store, "key"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                StateStoreException.class,
                                failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION))
                        .hasMessageContaining("'key'")
                        .hasMessageContaining("give each stream a key of its own"))
                .verify(SOON);
        elements.assertWasNotSubscribed();

        first.dispose();
        StepVerifier.create(numbers()).expectNextCount(3).expectComplete().verify(SOON);
    }

    @Test
    void leavesTheFirstUndisturbed() {
        TestPublisher<Numbered> elements = TestPublisher.create();
        StepVerifier.create(committing(elements.flux(), store, "key"))
                .then(() -> elements.next(Numbered.at(1)))
                .expectNextCount(1)
                .then(() -> StepVerifier.create(numbers()).expectError().verify(SOON))
                // Whoever was refused has not freed the key.
                .then(() -> StepVerifier.create(numbers()).expectError().verify(SOON))
                .then(() -> elements.next(Numbered.at(2)).complete())
                .expectNextCount(1)
                .expectComplete()
                .verify(SOON);

        assertThat(store.saved()).containsExactly(1, 2);
    }

    @Test
    void keepsOtherKeysAndOtherStoresApart() {
        Disposable first = committing(Flux.never(), store, "key").subscribe();

        StepVerifier.create(committing(Flux.just(Numbered.at(1)), store, "other"))
                .expectNextCount(1)
                .expectComplete()
                .verify(SOON);
        StepVerifier.create(committing(Flux.just(Numbered.at(1)), new RecordingStore(), "key"))
                .expectNextCount(1)
                .expectComplete()
                .verify(SOON);
        first.dispose();
    }

    @Test
    void isFreeAfterCompletion() {
        StepVerifier.create(numbers().concatWith(numbers()).repeat(2))
                .expectNextCount(18)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void isFreeAfterAnErrorSoThatOneCanTryAgain() {
        AtomicInteger attempts = new AtomicInteger();
        Flux<Numbered> failing = Flux.defer(() -> attempts.incrementAndGet() < 4
                ? Flux.just(Numbered.at(attempts.get())).concatWith(Mono.error(new IllegalStateException("again")))
                : Flux.just(Numbered.at(4)));

        StepVerifier.create(committing(failing, store, "key").retry(3))
                .expectNextCount(4)
                .expectComplete()
                .verify(SOON);
        assertThat(store.saved()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void isFreeAfterAFailedSave() {
        StateStoreException full = new StateStoreException(FailureKind.LOCAL, "The disk is full", null);
        RecordingStore failing = new RecordingStore(number -> number == 2 ? Mono.error(full) : Mono.empty());
        Flux<Numbered> numbers = committing(Flux.range(1, 3).map(Numbered::at), failing, "key");

        for (int attempt = 0; attempt < 3; attempt++) {
            StepVerifier.create(numbers)
                    .expectNextCount(1)
                    .expectErrorMatches(full::equals)
                    .verify(SOON);
        }
    }

    @Test
    void isFreeAfterACancel() {
        for (int round = 0; round < 100; round++) {
            StepVerifier.create(numbers().take(2))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(numbers(), 0).expectSubscription().thenCancel().verify(SOON);
        }
    }

    @Test
    void awaitsTheLastSaveOfOneThatWasCancelled() {
        RecordingStore slow =
                new RecordingStore(number -> Mono.delay(ofSeconds(5)).then());
        StepVerifier.withVirtualTime(() -> {
                    Disposable first = Flux.just(Numbered.at(1))
                            .concatWith(Flux.never())
                            .transform(Checkpoints.committing(slow, "key", CommitPolicy.every(10)))
                            .subscribe();
                    first.dispose();
                    return committing(Flux.just(Numbered.at(2)), slow, "key");
                })
                .expectSubscription()
                .expectNoEvent(ofMillis(9_999))
                .thenAwait(ofMillis(1))
                .expectNext(Numbered.at(2))
                .expectComplete()
                .verify(SOON);

        assertThat(slow.saved()).containsExactly(1, 2);
        assertThat(slow.isDisturbed()).isFalse();
    }

    @Test
    void doesNotHoldTheKeyForOneThatLeavesWhileItWaits() {
        RecordingStore slow =
                new RecordingStore(number -> Mono.delay(ofSeconds(5)).then());
        StepVerifier.withVirtualTime(() -> {
                    Flux.just(Numbered.at(1))
                            .concatWith(Flux.never())
                            .transform(Checkpoints.committing(slow, "key", CommitPolicy.every(10)))
                            .subscribe()
                            .dispose();
                    Flux<Numbered> second = committing(Flux.just(Numbered.at(2)), slow, "key");
                    second.subscribe().dispose();
                    return second;
                })
                .thenAwait(ofSeconds(10))
                .expectNext(Numbered.at(2))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void letsOneOfManyAtOnceSave() {
        for (int round = 0; round < 200; round++) {
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger active = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Flux<Numbered> elements = Flux.defer(() -> {
                most.accumulateAndGet(active.incrementAndGet(), Math::max);
                return Flux.range(1, 3).map(Numbered::at).doFinally(signal -> active.decrementAndGet());
            });
            Flux<Numbered> many = Flux.range(0, 4)
                    .flatMap(any -> committing(elements, store, "key")
                            .onErrorResume(StateStoreException.class, failure -> {
                                refused.incrementAndGet();
                                return Flux.empty();
                            })
                            .subscribeOn(Schedulers.parallel()));

            StepVerifier.create(many.count())
                    .assertNext(count -> assertThat(count).isEqualTo(3L * (4 - refused.get())))
                    .expectComplete()
                    .verify(SOON);
            assertThat(refused).hasValueLessThan(4);
            assertThat(most).hasValue(1);
        }
    }
}
