package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.HeadraceException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** The newest events for a slow consumer, and no loss that is silent (L17, L19). */
class BackpressureTest {

    private final EventCounters counters = EventCounters.create();

    @Test
    void keepsTheNewestInOrderAndSaysWhatIsMissing() {
        PlayedServer server = new PlayedServer(events(numbered(1, 10)), status(204));

        StepVerifier.withVirtualTime(() -> stream(server, 3).events(), 2)
                .expectNext(event(1, null), event(2, null))
                .thenAwait(ofMinutes(1))
                .thenRequest(Long.MAX_VALUE)
                .expectNext(event(8, new Loss(5, "2", "8")), event(9, null), event(10, null))
                .verifyComplete();
        assertThat(counters.snapshot().dropped()).isEqualTo(5);
        assertThat(counters.snapshot().events()).isEqualTo(10);
    }

    @Test
    void losesNothingThatIsAskedForInTime() {
        PlayedServer server = new PlayedServer(events(numbered(1, 1000)), status(204));

        StepVerifier.withVirtualTime(() -> stream(server, 1).events())
                .thenAwait(ofMinutes(1))
                .expectNextSequence(IntStream.rangeClosed(1, 1000)
                        .mapToObj(i -> event(i, null))
                        .toList())
                .verifyComplete();
        assertThat(counters.snapshot().dropped()).isZero();
    }

    @Test
    void sendsNothingBeforeTheFirstEventIsAskedFor() {
        PlayedServer server = new PlayedServer(events(numbered(1, 3)));

        StepVerifier.withVirtualTime(() -> stream(server, 3).events(), 0)
                .expectSubscription()
                .expectNoEvent(ofMinutes(5))
                .then(() -> assertThat(server.requests()).isEmpty())
                .thenRequest(1)
                .expectNextCount(1)
                .thenCancel()
                .verify();
    }

    @Test
    void namesTheIdItResumedFromBeforeALossAtTheBeginning() {
        PlayedServer server = new PlayedServer(events(numbered(42, 50)), status(204));

        StepVerifier.withVirtualTime(() -> stream(server, 2).lastEventId("41").events(), 0)
                .thenRequest(1)
                .expectNext(event(42, null))
                .thenAwait(ofMinutes(1))
                .thenRequest(1)
                .expectNext(event(49, new Loss(6, "42", "49")))
                .thenRequest(10)
                .expectNext(event(50, null))
                .verifyComplete();
    }

    @Test
    void goesOnBehindWhatItHasTakenInSoThatABreakRepeatsNothing() {
        PlayedServer server = new PlayedServer(brokenAfter(numbered(1, 3)), events(numbered(4, 5)), status(204));

        StepVerifier.withVirtualTime(() -> stream(server, 10).events(), 1)
                .expectNext(event(1, null))
                .thenAwait(ofMinutes(5))
                .then(() -> assertThat(server.lastEventIds()).containsExactly("", "3", "5"))
                .thenRequest(10)
                .expectNext(event(2, null), event(3, null), event(4, null), event(5, null))
                .verifyComplete();
    }

    @Test
    void failsBehindWhatWaits() {
        PlayedServer server = new PlayedServer(brokenAfter(numbered(1, 4)));

        StepVerifier.withVirtualTime(
                        () -> stream(server, 2)
                                .reconnect(ReconnectPolicy.never())
                                .events(),
                        1)
                .expectNextCount(1)
                .thenAwait(ofMinutes(1))
                .thenRequest(1)
                .expectNext(event(3, new Loss(1, "1", "3")))
                .thenRequest(1)
                .expectNext(event(4, null))
                .verifyError(HeadraceException.class);
    }

    @Test
    void dropsTypedEventsWithACount() {
        PlayedServer server = new PlayedServer(events(numbered(1, 10)), status(204));

        StepVerifier.withVirtualTime(() -> stream(server, 3).events(Integer.class), 1)
                .expectNext(1)
                .thenAwait(ofMinutes(1))
                .thenRequest(10)
                .expectNext(8, 9, 10)
                .verifyComplete();
        assertThat(counters.snapshot().dropped()).isEqualTo(6);
    }

    @Test
    void tellsOfALossBeforeADecodedEventToo() {
        PlayedServer server = new PlayedServer(events(numbered(1, 10)), status(204));

        StepVerifier.withVirtualTime(
                        () -> stream(server, 1).decoded(Integer.class).map(DecodedEvent::event), 1)
                .expectNext(event(1, null))
                .thenAwait(ofMinutes(1))
                .thenRequest(10)
                .expectNext(event(10, new Loss(8, "1", "10")))
                .verifyComplete();
    }

    @Test
    void countsNoSignalAmongTheEventsThatAreMissing() {
        // A comment before each event but the first, and the break at the end.
        PlayedServer server = new PlayedServer(events(numbered(1, 4).replace("\n\nid", "\n\n: c\nid")), status(204));

        StepVerifier.withVirtualTime(() -> stream(server, 2).signals(), 2)
                .expectNextMatches(EventSignal.Connected.class::isInstance)
                .expectNext(event(1, null))
                .thenAwait(ofMinutes(1))
                .thenRequest(10)
                // Two wait at the end: the last event, and the signal of the break.
                .expectNext(event(4, new Loss(2, "1", "4")))
                .expectNextMatches(EventSignal.Disconnected.class::isInstance)
                .verifyComplete();
        assertThat(counters.snapshot().dropped()).isEqualTo(2);
    }

    @Test
    void handsDemandOnBeforeTheSourceBegins() {
        // A source that answers within subscribe would be dropped by a buffer that does not know its demand yet.
        Flux<Integer> source = Flux.range(1, 100);
        StepVerifier.create(
                        OnFirstRequest.of(
                                source.onBackpressureBuffer(1, lost -> {}, BufferOverflowStrategy.DROP_OLDEST)),
                        0)
                .thenRequest(7)
                .expectNext(1, 2, 3, 4, 5, 6, 7)
                .thenRequest(1)
                .expectNext(100)
                .verifyComplete();
    }

    @Test
    void cancelsASourceThatWasSubscribedTo() {
        TestPublisher<Integer> source = TestPublisher.create();
        StepVerifier.create(OnFirstRequest.of(source.flux()), 0)
                .then(source::assertWasNotSubscribed)
                .thenRequest(1)
                .then(() -> source.next(1))
                .expectNext(1)
                .thenCancel()
                .verify();
        source.assertCancelled();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesABufferWithoutRoom(int capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backpressure.dropOldest(capacity))
                .withMessage("capacity must be at least 1, but is " + capacity);
    }

    @Test
    void saysWhatItIs() {
        assertThat(List.of(Backpressure.block(), Backpressure.dropOldest())).hasToString("[block(), dropOldest(500)]");
    }

    private EventStream stream(PlayedServer server, int capacity) {
        return server.stream().counters(counters).backpressure(Backpressure.dropOldest(capacity));
    }

    private static String numbered(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "id: " + i + "\ndata: " + i + "\n\n")
                .collect(Collectors.joining());
    }

    private static SseEvent event(int number, @Nullable Loss loss) {
        return new SseEvent("" + number, "message", "" + number, loss, false);
    }
}
