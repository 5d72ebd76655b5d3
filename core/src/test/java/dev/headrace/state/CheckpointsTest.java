package dev.headrace.state;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;

/** When progress is saved, and what a stream waits for. */
class CheckpointsTest {

    private final StateStoreException fullDisk = new StateStoreException(FailureKind.LOCAL, "The disk is full", null);

    private final RecordingStore store = new RecordingStore();

    private static Flux<Numbered> numbers(int from, int to) {
        return Flux.range(from, to - from + 1).map(Numbered::at);
    }

    private static RecordingStore slow(Duration duration) {
        return new RecordingStore(number -> Mono.delay(duration).then());
    }

    private RecordingStore failingAt(int number) {
        return new RecordingStore(saved -> saved == number ? Mono.error(fullDisk) : Mono.empty());
    }

    private static Flux<Numbered> committing(Flux<Numbered> elements, StateStore store, CommitPolicy policy) {
        return elements.transform(Checkpoints.committing(store, "key", policy));
    }

    @Test
    void savesAfterSoManyElementsAndAtTheEnd() {
        StepVerifier.create(committing(numbers(1, 7), store, CommitPolicy.every(3)))
                .expectNextCount(7)
                .verifyComplete();

        assertThat(store.saved()).containsExactly(3, 6, 7);
    }

    @Test
    void savesNothingAtTheEndThatIsSaved() {
        StepVerifier.create(committing(numbers(1, 6), store, CommitPolicy.every(3)))
                .expectNextCount(6)
                .verifyComplete();

        assertThat(store.saved()).containsExactly(3, 6);
    }

    @Test
    void savesEvery100ElementsUnlessToldOtherwise() {
        StepVerifier.withVirtualTime(() -> numbers(1, 250).transform(Checkpoints.committing(store, "key")))
                .expectNextCount(250)
                .verifyComplete();

        assertThat(store.saved()).containsExactly(100, 200, 250);
    }

    @Test
    void savesInTimeThoughNothingMoreComes() {
        StepVerifier.withVirtualTime(
                        () -> numbers(1, 3).concatWith(Flux.never()).transform(Checkpoints.committing(store, "key")))
                .expectNextCount(3)
                .thenAwait(ofMillis(999))
                .then(() -> assertThat(store.begun()).isEmpty())
                .thenAwait(ofMillis(1))
                .then(() -> assertThat(store.saved()).containsExactly(3))
                .thenAwait(ofSeconds(60))
                .thenCancel()
                .verify();

        assertThat(store.begun()).containsExactly(3);
    }

    @Test
    void savesByTimeAgainAndAgain() {
        StepVerifier.withVirtualTime(() -> committing(
                        Flux.interval(ofMillis(350)).map(tick -> Numbered.at(tick.intValue() + 1)),
                        store,
                        CommitPolicy.every(1_000).orAfter(ofSeconds(1))))
                .thenAwait(ofMillis(3_100))
                .expectNextCount(8)
                .then(() -> assertThat(store.saved()).containsExactly(2, 5, 8))
                .thenCancel()
                .verify();
    }

    @Test
    void startsNoClockWithoutATime() {
        StepVerifier.withVirtualTime(
                        () -> committing(numbers(1, 3).concatWith(Flux.never()), store, CommitPolicy.every(4)))
                .expectNextCount(3)
                .thenAwait(Duration.ofDays(1))
                .then(() -> assertThat(store.begun()).isEmpty())
                .thenCancel()
                .verify();

        assertThat(store.saved()).containsExactly(3);
    }

    @Test
    void keepsSavesByCountApartByWhatTheyTake() {
        RecordingStore slow = slow(ofMillis(100));
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() ->
                        committing(source.flux(), slow, CommitPolicy.every(2).withinShare(0.1)))
                .then(() -> source.next(Numbered.at(1)).next(Numbered.at(2)))
                .expectNext(Numbered.at(1))
                .expectNoEvent(ofMillis(100))
                .expectNext(Numbered.at(2))
                .then(() -> source.next(Numbered.at(3)).next(Numbered.at(4)).next(Numbered.at(5)))
                .expectNextCount(3)
                .thenAwait(ofMillis(899))
                .then(() -> source.next(Numbered.at(6)))
                .expectNext(Numbered.at(6))
                .then(() -> assertThat(slow.begun()).containsExactly(2))
                .thenAwait(ofMillis(1))
                .then(() -> source.next(Numbered.at(7)))
                .expectNoEvent(ofMillis(100))
                .expectNext(Numbered.at(7))
                .then(source::complete)
                .verifyComplete();

        assertThat(slow.saved()).containsExactly(2, 7);
    }

    @Test
    void keepsSavesByCountApartByWhatTheirDocumentsTake() {
        record Laborious(int number) implements Positioned {
            @Override
            public boolean hasPosition() {
                return true;
            }

            @Override
            public Optional<JsonNode> position() {
                VirtualTimeScheduler.get().advanceTimeBy(ofSeconds(1));
                return Numbered.at(number).position();
            }
        }
        TestPublisher<Laborious> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() -> source.flux()
                        .transform(Checkpoints.committing(
                                store, "key", CommitPolicy.every(1).withinShare(0.1))))
                .then(() -> source.next(new Laborious(1)).next(new Laborious(2)))
                .expectNextCount(2)
                .thenAwait(ofMillis(8_999))
                .then(() -> source.next(new Laborious(3)))
                .expectNextCount(1)
                .then(() -> assertThat(store.begun()).containsExactly(1))
                .thenAwait(ofMillis(1))
                .then(() -> source.next(new Laborious(4)))
                .expectNextCount(1)
                .then(() -> assertThat(store.begun()).containsExactly(1, 4))
                .thenCancel()
                .verify();
    }

    @Test
    void savesByTimeAndAtTheEndWhateverTheShare() {
        RecordingStore slow = slow(ofMillis(100));
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() -> committing(
                        source.flux(),
                        slow,
                        CommitPolicy.every(1).orAfter(ofSeconds(1)).withinShare(0.01)))
                .expectSubscription()
                .then(() -> source.next(Numbered.at(1)))
                .expectNoEvent(ofMillis(100))
                .expectNext(Numbered.at(1))
                .then(() -> source.next(Numbered.at(2)))
                .expectNext(Numbered.at(2))
                .thenAwait(ofMillis(900))
                .then(() -> assertThat(slow.begun()).containsExactly(1, 2))
                .then(() -> assertThat(slow.isIdle()).isFalse())
                // Due, but not for one that runs by time.
                .then(() -> source.next(Numbered.at(3)))
                .expectNext(Numbered.at(3))
                .then(source::complete)
                .expectNoEvent(ofMillis(200))
                .verifyComplete();

        assertThat(slow.saved()).containsExactly(1, 2, 3);
        assertThat(slow.isDisturbed()).isFalse();
    }

    @Test
    void passesOnWhileASaveByTimeRunsWithinAShare() {
        Sinks.Empty<Void> save = Sinks.empty();
        RecordingStore held = new RecordingStore(number -> number == 1 ? save.asMono() : Mono.empty());
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() -> committing(
                        source.flux(),
                        held,
                        CommitPolicy.every(2).orAfter(ofSeconds(1)).withinShare(0.5)))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .thenAwait(ofSeconds(3))
                .then(() -> source.next(Numbered.at(2)).next(Numbered.at(3)))
                .expectNextCount(2)
                // It took 2 s, so the next by count begins 2 s later.
                .then(save::tryEmitEmpty)
                .then(() -> source.next(Numbered.at(4)))
                .expectNext(Numbered.at(4))
                .then(() -> assertThat(held.begun()).containsExactly(1))
                .then(source::complete)
                .verifyComplete();

        assertThat(held.saved()).containsExactly(1, 4);
        assertThat(held.isDisturbed()).isFalse();
    }

    @Test
    void doesNothingBeforeSubscription() {
        TestPublisher<Numbered> source = TestPublisher.create();

        Flux<Numbered> stream = committing(source.flux(), store, CommitPolicy.eachElement());

        source.assertWasNotSubscribed();
        StepVerifier.create(stream).then(source::complete).verifyComplete();
        assertThat(store.begun()).isEmpty();
    }

    @Test
    void passesAnElementThatIsDueOnWhenItIsSaved() {
        RecordingStore slow = slow(ofSeconds(1));

        StepVerifier.withVirtualTime(() -> committing(numbers(1, 3), slow, CommitPolicy.every(2)))
                .expectNext(Numbered.at(1))
                .expectNoEvent(ofSeconds(1))
                .expectNext(Numbered.at(2))
                .expectNext(Numbered.at(3))
                .expectNoEvent(ofSeconds(1))
                .verifyComplete();

        assertThat(slow.saved()).containsExactly(2, 3);
    }

    @Test
    void failsOnlyWhenWhatWasHandledIsSaved() {
        RecordingStore slow = slow(ofSeconds(5));
        IllegalStateException broken = new IllegalStateException("broken");

        StepVerifier.withVirtualTime(
                        () -> committing(numbers(1, 3).concatWith(Flux.error(broken)), slow, CommitPolicy.every(100)))
                .expectNextCount(3)
                .expectNoEvent(ofSeconds(5))
                .verifyErrorSatisfies(
                        error -> assertThat(error).isSameAs(broken).hasNoSuppressedExceptions());

        assertThat(slow.saved()).containsExactly(3);
    }

    @Test
    void savesWhatWasHandledWhenTheReaderLeaves() {
        StepVerifier.create(committing(numbers(1, 9).concatWith(Flux.never()), store, CommitPolicy.every(5)), 6)
                .expectNextCount(6)
                .thenCancel()
                .verify();

        assertThat(store.saved()).containsExactly(5, 6);
    }

    @Test
    void savesWhatOneTakesWithoutAskingForMore() {
        AtomicLong handled = new AtomicLong();

        StepVerifier.create(committing(
                                numbers(1, 100).doOnNext(element -> handled.incrementAndGet()),
                                store,
                                CommitPolicy.every(50))
                        .take(10))
                .expectNextCount(10)
                .verifyComplete();

        assertThat(store.saved()).containsExactly(10);
        assertThat(handled).hasValue(10);
    }

    @Test
    void savesTheLatestBehindASaveInWhichTheReaderLeft() {
        Sinks.Empty<Void> first = Sinks.empty();
        RecordingStore held = new RecordingStore(number -> number == 1 ? first.asMono() : Mono.empty());
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() -> committing(source.flux(), held, CommitPolicy.defaults()))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .thenAwait(ofSeconds(1))
                .then(() -> source.next(Numbered.at(2)))
                .expectNext(Numbered.at(2))
                .thenCancel()
                .verify();

        source.assertCancelled();
        assertThat(held.begun()).containsExactly(1);
        first.tryEmitEmpty().orThrow();
        assertThat(held.saved()).containsExactly(1, 2);
        assertThat(held.isDisturbed()).isFalse();
    }

    @Test
    void savesAnElementThatWaitedForItsSaveWhenTheReaderLeft() {
        Sinks.Empty<Void> save = Sinks.empty();
        RecordingStore held = new RecordingStore(number -> save.asMono());
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.create(committing(source.flux(), held, CommitPolicy.eachElement()))
                .then(() -> source.next(Numbered.at(1)))
                .thenCancel()
                .verify();

        assertThat(held.begun()).containsExactly(1);
        save.tryEmitEmpty().orThrow();
        assertThat(held.saved()).containsExactly(1);
        assertThat(held.isDisturbed()).isFalse();
    }

    @Test
    void aSlowSaveNeitherOverlapsNorOverwritesALaterOne() {
        Sinks.Empty<Void> first = Sinks.empty();
        RecordingStore held = new RecordingStore(number -> number == 1 ? first.asMono() : Mono.empty());
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() ->
                        committing(source.flux(), held, CommitPolicy.every(4).orAfter(ofSeconds(1))))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .thenAwait(ofSeconds(1))
                .then(() -> assertThat(held.begun()).containsExactly(1))
                .then(() -> source.next(Numbered.at(2)).next(Numbered.at(3)).next(Numbered.at(4)))
                .expectNextCount(3)
                .then(() -> source.next(Numbered.at(5)))
                .expectNoEvent(ofSeconds(30))
                .then(() -> assertThat(held.begun()).containsExactly(1))
                .then(first::tryEmitEmpty)
                .expectNext(Numbered.at(5))
                .then(source::complete)
                .verifyComplete();

        assertThat(held.saved()).containsExactly(1, 5);
        assertThat(held.isDisturbed()).isFalse();
    }

    @Test
    void completesBehindASaveByTimeThatStillRuns() {
        RecordingStore slow = slow(ofSeconds(10));
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() ->
                        committing(source.flux(), slow, CommitPolicy.every(100).orAfter(ofSeconds(1))))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .thenAwait(ofSeconds(1))
                .then(() -> source.next(Numbered.at(2)).complete())
                .expectNext(Numbered.at(2))
                .expectNoEvent(ofSeconds(20))
                .verifyComplete();

        assertThat(slow.saved()).containsExactly(1, 2);
        assertThat(slow.isDisturbed()).isFalse();
    }

    @Test
    void failsWhenASaveByCountFails() {
        TestPublisher<Numbered> source = TestPublisher.create();
        RecordingStore failing = failingAt(2);

        StepVerifier.create(committing(source.flux(), failing, CommitPolicy.eachElement()))
                .then(() -> source.next(Numbered.at(1)).next(Numbered.at(2)))
                .expectNext(Numbered.at(1))
                .verifyErrorSatisfies(
                        error -> assertThat(error).isSameAs(fullDisk).hasNoSuppressedExceptions());

        source.assertCancelled();
        assertThat(failing.begun()).containsExactly(1, 2);
    }

    @Test
    void failsWhenASaveByTimeFailsThoughNothingMoreComes() {
        TestPublisher<Numbered> source = TestPublisher.create();
        RecordingStore failing = failingAt(1);

        StepVerifier.withVirtualTime(() -> committing(source.flux(), failing, CommitPolicy.defaults()))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .thenAwait(ofSeconds(1))
                .verifyErrorSatisfies(
                        error -> assertThat(error).isSameAs(fullDisk).hasNoSuppressedExceptions());

        source.assertCancelled();
        assertThat(failing.begun()).containsExactly(1);
    }

    @Test
    void savesNothingMoreAfterAFailure() {
        Sinks.Empty<Void> first = Sinks.empty();
        RecordingStore held = new RecordingStore(number -> first.asMono());
        TestPublisher<Numbered> source = TestPublisher.create();

        StepVerifier.withVirtualTime(() -> committing(source.flux(), held, CommitPolicy.defaults()))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .thenAwait(ofSeconds(1))
                .then(() -> source.next(Numbered.at(2)))
                .expectNext(Numbered.at(2))
                // Whoever timed it out may still be at it, and end behind any later save.
                .then(() -> first.tryEmitError(fullDisk))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(fullDisk));

        assertThat(held.begun()).containsExactly(1);
    }

    @Test
    void failsInPlaceOfCompletionWhenTheLastSaveFails() {
        StepVerifier.create(committing(numbers(1, 3), failingAt(3), CommitPolicy.defaults()))
                .expectNextCount(3)
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(fullDisk));
    }

    @Test
    void attachesTheFailureOfTheLastSaveToTheError() {
        IllegalStateException broken = new IllegalStateException("broken");

        StepVerifier.create(
                        committing(numbers(1, 3).concatWith(Flux.error(broken)), failingAt(3), CommitPolicy.defaults()))
                .expectNextCount(3)
                .verifyErrorSatisfies(
                        error -> assertThat(error).isSameAs(broken).hasSuppressedException(fullDisk));
    }

    @Test
    void failsWhenAStoreThrows() {
        RecordingStore throwing = new RecordingStore(number -> {
            throw fullDisk;
        });

        StepVerifier.create(committing(numbers(1, 3), throwing, CommitPolicy.eachElement()))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(fullDisk));
    }

    @Test
    void requestsOneByOneAndNeverMoreThanOneAhead() {
        TestPublisher<Numbered> source = TestPublisher.create();
        AtomicLong requested = new AtomicLong();

        StepVerifier.create(
                        committing(source.flux().doOnRequest(requested::addAndGet), store, CommitPolicy.every(2)), 0)
                .then(() -> assertThat(requested).hasValue(0))
                .thenRequest(1)
                .then(() -> assertThat(requested).hasValue(1))
                .then(() -> source.next(Numbered.at(1)))
                .expectNext(Numbered.at(1))
                .then(() -> assertThat(requested).hasValue(2))
                .then(() -> source.next(Numbered.at(2)))
                .then(() -> assertThat(requested).hasValue(2))
                .thenRequest(1)
                .expectNext(Numbered.at(2))
                .then(() -> assertThat(requested).hasValue(3))
                .thenCancel()
                .verify();
    }

    @Test
    void requestsNothingWhileAnElementIsBeingSaved() {
        Sinks.Empty<Void> save = Sinks.empty();
        RecordingStore held = new RecordingStore(number -> save.asMono());
        TestPublisher<Numbered> source = TestPublisher.create();
        AtomicLong requested = new AtomicLong();

        StepVerifier.create(
                        committing(source.flux().doOnRequest(requested::addAndGet), held, CommitPolicy.eachElement()))
                .then(() -> source.next(Numbered.at(1)))
                .then(() -> assertThat(requested).hasValue(1))
                .then(save::tryEmitEmpty)
                .expectNext(Numbered.at(1))
                .then(() -> assertThat(requested).hasValue(2))
                .thenCancel()
                .verify();
    }

    @Test
    void neitherSavesNorCountsElementsWithoutAPosition() {
        Flux<Numbered> mixed = Flux.just(
                Numbered.nowhere(1), Numbered.at(2), Numbered.nowhere(3), Numbered.at(4), Numbered.nowhere(5));

        StepVerifier.create(committing(mixed, store, CommitPolicy.every(2)))
                .expectNextCount(5)
                .verifyComplete();

        assertThat(store.saved()).containsExactly(4);
    }

    @Test
    void savesAPositionOnceThoughSeveralElementsHaveIt() {
        Flux<Numbered> repeating = Flux.just(1, 1, 1, 2, 2, 1).map(Numbered::at);

        StepVerifier.create(committing(repeating, store, CommitPolicy.eachElement()))
                .expectNextCount(6)
                .verifyComplete();

        assertThat(store.saved()).containsExactly(1, 2, 1);
    }

    @Test
    void savesNothingThatWaitsInAQueueAbove() {
        Sinks.Empty<Void> handling = Sinks.empty();
        AtomicLong emitted = new AtomicLong();

        StepVerifier.withVirtualTime(() -> committing(
                        numbers(1, 100)
                                .doOnNext(element -> emitted.incrementAndGet())
                                .publishOn(Schedulers.parallel(), 32)
                                .concatMap(
                                        element -> element.number() < 4
                                                ? Mono.just(element)
                                                : handling.asMono().thenReturn(element),
                                        1),
                        store,
                        CommitPolicy.defaults()))
                .expectNextCount(3)
                .thenAwait(ofSeconds(10))
                .then(() -> assertThat(emitted).hasValueGreaterThanOrEqualTo(32))
                .thenCancel()
                .verify();

        assertThat(store.saved()).containsExactly(3);
    }

    @Test
    void countsForEachSubscriptionByItself() {
        TestPublisher<Numbered> source = TestPublisher.create();
        StepVerifier first = StepVerifier.create(committing(source.flux(), store, CommitPolicy.every(3)))
                .expectNextCount(3)
                .expectComplete()
                .verifyLater();
        StepVerifier second = StepVerifier.create(
                        source.flux().transform(Checkpoints.committing(store, "other", CommitPolicy.every(3))))
                .expectNextCount(3)
                .expectComplete()
                .verifyLater();

        source.next(Numbered.at(1), Numbered.at(2));
        assertThat(store.begun()).isEmpty();
        source.next(Numbered.at(3)).complete();

        first.verify();
        second.verify();
        assertThat(store.saved()).containsExactly(3, 3);
    }

    @Test
    void savesInTheContextOfItsReader() {
        RecordingStore asking = new RecordingStore(number -> Mono.deferContextual(context -> {
            assertThat(context.<String>get("tenant")).isEqualTo("a");
            return Mono.empty();
        }));

        StepVerifier.create(committing(numbers(1, 3), asking, CommitPolicy.every(2))
                        .contextWrite(Context.of("tenant", "a")))
                .expectNextCount(3)
                .verifyComplete();
        assertThat(asking.saved()).containsExactly(2, 3);
    }

    @Test
    void keepsPositionsOfAnyForm() {
        StateStore kept = StateStore.inMemory();
        Positioned element = () -> Optional.of(Json.tree("{\"id\":\"42\"}"));

        StepVerifier.create(Flux.just(element).transform(Checkpoints.committing(kept, "key")))
                .expectNext(element)
                .verifyComplete();

        StepVerifier.create(kept.load("key"))
                .expectNext(Json.tree("{\"id\":\"42\"}"))
                .verifyComplete();
    }
}
