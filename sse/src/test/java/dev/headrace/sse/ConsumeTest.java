package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.silentAfter;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.state.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Events handed out in chunks, and progress that is saved when a chunk was handled (L12 to L16, L18, L21). */
class ConsumeTest {

    private final List<List<String>> handled = new ArrayList<>();

    @Test
    void handsOutChunksAndSumsUp() {
        PlayedServer server = new PlayedServer(events(numbered(1, 120)), status(204));

        StepVerifier.withVirtualTime(() -> server.stream().consume(this::handle))
                .thenAwait(ofMinutes(1))
                .expectNext(new ConsumeSummary(120, 3, 0, 0, 50, "120"))
                .verifyComplete();
        assertThat(handled).extracting(List::size).containsExactly(50, 50, 20);
    }

    @Test
    void doesNotLetAChunkWaitForEverForMore() {
        PlayedServer server = new PlayedServer(silentAfter(numbered(1, 3)));

        StepVerifier.withVirtualTime(
                        () -> server.stream().consume(ConsumeOptions.defaults().maxWait(ofMillis(200)), this::handle))
                .thenAwait(ofMillis(199))
                .then(() -> assertThat(handled).isEmpty())
                .thenAwait(ofMillis(1))
                .then(() -> assertThat(handled).containsExactly(List.of("1", "2", "3")))
                .thenCancel()
                .verify();
    }

    @Test
    void handsOutTheNextChunkWhenTheOneBeforeIsHandled() {
        PlayedServer server = new PlayedServer(events(numbered(1, 30)));
        TestPublisher<Void> first = TestPublisher.create();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .consume(ConsumeOptions.defaults().chunkSize(2), chunk -> {
                            handle(chunk);
                            return handled.size() == 1 ? first : Mono.never();
                        }))
                .expectSubscription()
                .then(() -> assertThat(handled).hasSize(1))
                .then(first::complete)
                .then(() -> assertThat(handled).containsExactly(List.of("1", "2"), List.of("3", "4")))
                .thenCancel()
                .verify();
    }

    @Test
    void readsNothingAheadOfAHandlerThatStands() {
        EventCounters counters = EventCounters.create();
        PlayedServer server = new PlayedServer(events(numbered(1, 1000)));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .counters(counters)
                        .consume(ConsumeOptions.defaults().chunkSize(10), chunk -> Mono.never()))
                .thenAwait(ofMinutes(1))
                .then(() -> assertThat(counters.snapshot().events()).isEqualTo(10))
                .thenCancel()
                .verify();
    }

    @Test
    void endsAfterSomeEventsOverAllConnections() {
        PlayedServer server = new PlayedServer(events(numbered(1, 4)), events(numbered(5, 100)));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .consume(ConsumeOptions.defaults().chunkSize(3).maxEvents(7), this::handle))
                .thenAwait(ofMinutes(1))
                .expectNext(new ConsumeSummary(7, 3, 0, 0, 3, "7"))
                .verifyComplete();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void sendsNothingForNoEventsAtAll() {
        PlayedServer server = new PlayedServer(events(numbered(1, 4)));

        StepVerifier.create(server.stream().consume(ConsumeOptions.defaults().maxEvents(0), this::handle))
                .expectNext(new ConsumeSummary(0, 0, 0, 0, 50, ""))
                .verifyComplete();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void failsAtAKnownIdWhenTheHandlerFails() {
        PlayedServer server = new PlayedServer(events(numbered(1, 10)));
        StateStore store = StateStore.inMemory();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .resumeFrom(store, "feed")
                        .consume(
                                ConsumeOptions.defaults().chunkSize(4),
                                chunk -> handled.size() == 1
                                        ? Mono.error(new IllegalStateException("database away"))
                                        : handle(chunk)))
                .thenAwait(ofMinutes(1))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(EventHandlingException.class, known -> {
                            assertThat(known.lastHandledId()).isEqualTo("4");
                            assertThat(known.failedFrom()).isEqualTo("5");
                            assertThat(known.failedTo()).isEqualTo("8");
                            assertThat(known.kind()).isEqualTo(FailureKind.PERMANENT);
                            assertThat(known).hasRootCauseMessage("database away");
                        }));
        StepVerifier.create(StoredPosition.load(store, "feed")).expectNext("4").verifyComplete();
    }

    @Test
    void takesWhatTheHandlerThrowsForItsFailureAndItsKindToo() {
        PlayedServer server = new PlayedServer(events(numbered(1, 2)));

        StepVerifier.withVirtualTime(() -> server.stream().consume(chunk -> {
                    throw new HeadraceException(FailureKind.LOCAL, "disk full", null);
                }))
                .thenAwait(ofMinutes(1))
                .verifyErrorMatches(failure ->
                        failure instanceof EventHandlingException known && known.kind() == FailureKind.LOCAL);
    }

    @Test
    void handsFailedChunksToAnotherHandlerAndGoesOn() {
        PlayedServer server = new PlayedServer(events(numbered(1, 6)), status(204));
        List<String> dead = new ArrayList<>();
        StateStore store = StateStore.inMemory();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .resumeFrom(store, "feed")
                        .consume(
                                ConsumeOptions.defaults()
                                        .chunkSize(2)
                                        .onFailure((chunk, failure) -> Mono.fromRunnable(
                                                () -> dead.add(chunk.get(0).id() + " " + failure.getMessage()))),
                                chunk -> chunk.get(0).id().equals("3")
                                        ? Mono.error(new IllegalStateException("odd"))
                                        : handle(chunk)))
                .thenAwait(ofMinutes(1))
                .expectNext(new ConsumeSummary(4, 2, 2, 0, 2, "6"))
                .verifyComplete();
        assertThat(dead).containsExactly("3 odd");
        StepVerifier.create(StoredPosition.load(store, "feed")).expectNext("6").verifyComplete();
    }

    @Test
    void failsWhenTheOtherHandlerFailsToo() {
        PlayedServer server = new PlayedServer(events(numbered(1, 6)));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .consume(
                                ConsumeOptions.defaults().onFailure((chunk, failure) -> Mono.error(failure)),
                                chunk -> Mono.error(new IllegalStateException("odd"))))
                .thenAwait(ofMinutes(1))
                .verifyError(EventHandlingException.class);
    }

    @Test
    void goesOnWhereTheRunBeforeHasHandled() {
        PlayedServer first = new PlayedServer(brokenAfter(numbered(1, 5)), status(404));
        PlayedServer second = new PlayedServer(events(numbered(6, 7)), status(204));
        StateStore store = StateStore.inMemory();

        StepVerifier.withVirtualTime(
                        () -> first.stream().resumeFrom(store, "feed").consume(this::handle))
                .thenAwait(ofMinutes(1))
                .verifyError();
        StepVerifier.withVirtualTime(
                        () -> second.stream().resumeFrom(store, "feed").consume(this::handle))
                .thenAwait(ofMinutes(1))
                .expectNextMatches(summary -> summary.lastEventId().equals("7"))
                .verifyComplete();

        assertThat(first.lastEventIds()).containsExactly("", "5");
        assertThat(second.lastEventIds()).containsExactly("5", "7");
        assertThat(handled.stream().flatMap(List::stream)).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void countsWhatWasDropped() {
        PlayedServer server = new PlayedServer(events(numbered(1, 100)), status(204));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .backpressure(Backpressure.dropOldest(5))
                        .consume(ConsumeOptions.defaults().chunkSize(1), chunk -> Mono.delay(ofSeconds(1))))
                .thenAwait(ofMinutes(10))
                .assertNext(summary -> {
                    assertThat(summary.dropped()).isPositive();
                    assertThat(summary.processed() + summary.dropped()).isEqualTo(100);
                    assertThat(summary.lastEventId()).isEqualTo("100");
                })
                .verifyComplete();
    }

    @Test
    void keepsTheFirstFailureWhenTheOtherHandlerFailsToo() {
        PlayedServer server = new PlayedServer(events(numbered(1, 2)));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .consume(
                                ConsumeOptions.defaults()
                                        .onFailure((chunk, failure) ->
                                                Mono.error(new IllegalStateException("queue away"))),
                                chunk -> Mono.error(new IllegalStateException("odd"))))
                .thenAwait(ofMinutes(1))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .hasRootCauseMessage("queue away")
                        .cause()
                        .satisfies(cause -> assertThat(cause.getSuppressed())
                                .extracting(Throwable::getMessage)
                                .containsExactly("odd")));
    }

    @Test
    void cancelsTheHandlerAndTheStream() {
        AtomicInteger cancelled = new AtomicInteger();
        PlayedServer server = new PlayedServer(silentAfter(numbered(1, 60)));

        Disposable consuming = server.stream()
                .consume(chunk -> Flux.never().doOnCancel(cancelled::incrementAndGet))
                .subscribe();
        consuming.dispose();

        assertThat(cancelled).hasValue(1);
    }

    @Test
    void refusesSizesThatMakeNoSense() {
        ConsumeOptions options = ConsumeOptions.defaults();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.chunkSize(0))
                .withMessage("chunkSize must be more than zero, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.maxEvents(-1))
                .withMessage("maxEvents must not be negative, but is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.maxWait(ofMillis(0)))
                .withMessageContaining("maxWait must be more than zero");
    }

    private Publisher<Void> handle(List<SseEvent> chunk) {
        handled.add(chunk.stream().map(SseEvent::id).toList());
        return Mono.empty();
    }

    private static String numbered(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "id: " + i + "\ndata: " + i + "\n\n")
                .collect(Collectors.joining());
    }
}
