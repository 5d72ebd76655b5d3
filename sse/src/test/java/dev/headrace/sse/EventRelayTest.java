package dev.headrace.sse;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
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

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void readsAnewAfterTheSourceHasEndedOrFailed(int kept) {
        AtomicInteger connections = new AtomicInteger();
        EventRelay relay = EventRelay.builder(Flux.defer(() -> Flux.just(
                                event(10 * connections.incrementAndGet()), event(10 * connections.get() + 1))
                        .concatWith(
                                connections.get() == 2
                                        ? Flux.error(new IllegalStateException("gone"))
                                        : Flux.<SseEvent>empty())))
                .replay(kept)
                .build();

        StepVerifier.create(relay.events(Backpressure.dropOldest(5)))
                .expectNext(event(10), event(11))
                .verifyComplete();
        StepVerifier.create(relay.events(Backpressure.dropOldest(5)))
                .expectNext(event(20), event(21))
                .verifyErrorMessage("gone");
        StepVerifier.create(relay.events(Backpressure.dropOldest(5)))
                .expectNext(event(30), event(31))
                .verifyComplete();
    }

    @Test
    void keepsNothingOfAnEarlierConnection() {
        EventRelay relay = relay(5);
        Reader first = new Reader(relay, "");
        first.readAll();
        source.next(event(1), event(2));
        first.cancel();

        Reader again = new Reader(relay, "1");
        again.readAll();
        source.next(event(7));

        assertThat(again.ids()).containsExactly("7");
    }

    @Test
    void readsTheSourceWhileNobodyIsThereInTheTimeOfLingering() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            EventRelay relay =
                    EventRelay.builder(source.flux()).linger(ofSeconds(10)).build();
            Reader reader = new Reader(relay, "");
            reader.readAll();
            source.next(event(1));
            reader.cancel();
            // TestPublisher fails where nobody has asked.
            IntStream.rangeClosed(2, 1_000).forEach(n -> source.next(event(n)));

            Reader next = new Reader(relay, "");
            next.readAll();
            source.next(event(1_001));

            assertThat(next.ids()).containsExactly("1001");
            time.advanceTimeBy(ofSeconds(20));
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void repeatsRatherThanLosesEventsThatHaveTheIdOfTheOneBefore() {
        EventRelay relay = relay(5);
        new Reader(relay, "").readAll();
        source.next(
                event(6),
                new SseEvent("7", SseEvent.MESSAGE, "a"),
                new SseEvent("7", SseEvent.MESSAGE, "b"),
                new SseEvent("7", SseEvent.MESSAGE, "c"));

        Reader back = new Reader(relay, "7");
        back.readAll();

        assertThat(back.events).extracting(SseEvent::data).containsExactly("b", "c");
    }

    @Test
    void tellsNobodyWhoComesOfWhatWasLostBefore() {
        EventRelay relay = relay(5);
        new Reader(relay, "").readAll();
        source.next(event(1), new SseEvent("9", SseEvent.MESSAGE, "", new Loss(7, "1", "9"), false));
        source.next(event(10), event(11), event(12), event(13));

        Reader late = new Reader(relay, "");
        late.readAll();
        Reader back = new Reader(relay, "1");
        back.readAll();

        assertThat(late.ids()).startsWith("9");
        assertThat(late.events.get(0).loss()).isNull();
        assertThat(back.ids()).containsExactly("9", "10", "11", "12", "13");
        assertThat(late.ids()).containsExactly("9", "10", "11", "12", "13");
    }

    @RepeatedTest(3)
    void givesEachReaderAllInOrderWhileItComesAndGoes() {
        EventRelay relay = EventRelay.builder(
                        Flux.range(1, 20_000).map(EventRelayTest::event).publishOn(Schedulers.parallel()))
                .replay(64)
                .build();
        Flux<Long> readings = Flux.range(0, 20)
                .flatMap(
                        reader -> relay.events(Backpressure.dropOldest(30_000), "")
                                .map(event -> Long.parseLong(event.id()))
                                .buffer(2, 1)
                                .filter(pair -> pair.size() == 2)
                                .map(pair -> pair.get(1) - pair.get(0))
                                .distinct()
                                .subscribeOn(Schedulers.boundedElastic()),
                        20);

        assertThat(readings.distinct().collectList().block(ofSeconds(60))).containsExactly(1L);
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
