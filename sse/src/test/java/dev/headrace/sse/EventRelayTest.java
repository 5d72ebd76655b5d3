package dev.headrace.sse;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One connection for many readers, of whom each loses for itself alone. */
class EventRelayTest {

    private final TestPublisher<SseEvent> source = TestPublisher.create();
    private final EventCounters counters = EventCounters.create();

    @Test
    void connectsOnceForAllReadersAndWithTheFirstThatAsks() {
        EventRelay relay = relay(0);
        List<Reader> readers =
                IntStream.range(0, 200).mapToObj(i -> new Reader(relay, "")).toList();
        source.assertWasNotSubscribed();

        readers.forEach(Reader::readAll);
        source.next(event(1), event(2));

        assertThat(readers).allSatisfy(reader -> assertThat(reader.ids()).containsExactly("1", "2"));
        assertThat(source.subscribeCount()).isEqualTo(1);
        assertThat(relay.readers()).isEqualTo(200);
    }

    @Test
    void dropsForTheSlowReaderAloneAndTellsItWhatIsMissing() {
        EventRelay relay = relay(0);
        Reader fast = new Reader(relay, "");
        Reader slow = new Reader(relay, "");
        fast.readAll();
        slow.request(1);

        IntStream.rangeClosed(1, 10).forEach(n -> source.next(event(n)));
        slow.readAll();

        assertThat(fast.ids()).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(fast.events).allMatch(event -> event.loss() == null);
        assertThat(slow.ids()).containsExactly("1", "8", "9", "10");
        assertThat(slow.events.get(1).loss()).isEqualTo(new Loss(6, "1", "8"));
        assertThat(counters.snapshot().dropped()).isEqualTo(6);
    }

    @Test
    void addsWhatWasLostBeforeTheRelayToWhatAReaderLoses() {
        EventRelay relay = relay(0);
        Reader reader = new Reader(relay, "");
        reader.request(1);
        source.next(event(1), new SseEvent("12", "message", "", new Loss(10, "1", "12"), false));
        IntStream.rangeClosed(13, 16).forEach(n -> source.next(event(n)));
        reader.readAll();

        assertThat(reader.ids()).containsExactly("1", "14", "15", "16");
        assertThat(reader.events.get(1).loss()).isEqualTo(new Loss(12, "1", "14"));
    }

    @Test
    void disconnectsWhenTheLastReaderLeavesAndConnectsForTheNext() {
        EventRelay relay = relay(0);
        Reader first = new Reader(relay, "");
        Reader second = new Reader(relay, "");
        first.readAll();
        second.readAll();

        first.cancel();
        source.assertNotCancelled();
        second.cancel();
        source.assertCancelled();
        assertThat(relay.readers()).isZero();

        new Reader(relay, "").readAll();
        assertThat(source.subscribeCount()).isEqualTo(2);
    }

    @Test
    void keepsTheConnectionForAWhileForOneThatComesBack() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            EventRelay relay = EventRelay.builder(source.flux())
                    .replay(5)
                    .linger(ofSeconds(10))
                    .build();
            Reader reader = new Reader(relay, "");
            reader.readAll();
            source.next(event(1));
            reader.cancel();
            source.next(event(2), event(3));

            time.advanceTimeBy(ofSeconds(9));
            Reader again = new Reader(relay, "1");
            again.readAll();
            assertThat(again.ids()).containsExactly("2", "3");
            again.cancel();
            source.assertNotCancelled();

            time.advanceTimeBy(ofSeconds(10));
            source.assertCancelled();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void givesWhatIsKeptToOneWhoseLastEventIsNot() {
        EventRelay relay = relay(3);
        new Reader(relay, "").readAll();
        IntStream.rangeClosed(1, 10).forEach(n -> source.next(event(n)));

        Reader late = new Reader(relay, "5");
        late.readAll();
        Reader unknown = new Reader(relay, "");
        unknown.readAll();
        Reader newest = new Reader(relay, "10");
        newest.readAll();
        source.next(event(11));

        assertThat(late.ids()).containsExactly("8", "9", "10", "11");
        assertThat(unknown.ids()).containsExactly("8", "9", "10", "11");
        assertThat(newest.ids()).containsExactly("11");
    }

    @Test
    void failsForAllBehindWhatWaitsAndBeginsAnewForTheNext() {
        EventRelay relay = relay(0);
        Flux<SseEvent> slow = relay.events(Backpressure.dropOldest(3));

        StepVerifier.create(slow, 1)
                .then(() -> source.next(event(1), event(2)))
                .expectNext(event(1))
                .then(() -> source.error(new IllegalStateException("gone")))
                .thenRequest(1)
                .expectNext(event(2))
                .verifyErrorMessage("gone");

        assertThat(relay.readers()).isZero();
    }

    @Test
    void readsAnewAfterTheSourceHasEnded() {
        EventRelay relay = EventRelay.builder(Flux.just(event(1), event(2))).build();

        for (int i = 0; i < 2; i++) {
            StepVerifier.create(relay.events(Backpressure.dropOldest(5)))
                    .expectNext(event(1), event(2))
                    .verifyComplete();
        }
    }

    @Test
    void refusesAReaderThatWouldHoldUpTheOthers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relay(0).events(Backpressure.block()))
                .withMessageContaining("hold up all the others");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventRelay.builder(source.flux()).replay(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventRelay.builder(source.flux()).linger(Duration.ofMillis(-1)))
                .withMessageContaining("linger");
    }

    private EventRelay relay(int kept) {
        return EventRelay.builder(source.flux()).replay(kept).counters(counters).build();
    }

    private static SseEvent event(int number) {
        return new SseEvent(Integer.toString(number), SseEvent.MESSAGE, "");
    }

    /** Asks for nothing by itself. */
    private static final class Reader extends BaseSubscriber<SseEvent> {

        private final List<SseEvent> events = new ArrayList<>();

        Reader(EventRelay relay, String lastEventId) {
            relay.events(Backpressure.dropOldest(3), lastEventId).subscribe(this);
        }

        void readAll() {
            requestUnbounded();
        }

        List<String> ids() {
            return events.stream().map(SseEvent::id).toList();
        }

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            // Each test asks when it wants to.
        }

        @Override
        protected void hookOnNext(SseEvent event) {
            events.add(event);
        }
    }
}
