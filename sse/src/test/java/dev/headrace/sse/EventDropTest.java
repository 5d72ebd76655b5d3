package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.ids;
import static dev.headrace.sse.SocketStreams.stream;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.TransportException;
import dev.headrace.test.EventFeed;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

/** A real source that is faster than its consumer (L17, L19, L21). Events: 5,000, under {@code -Psoak} 500,000. */
class EventDropTest {

    private static final int TOTAL = Boolean.getBoolean("headrace.soak") ? 500_000 : 5_000;
    private static final int CAPACITY = 50;

    @Test
    void keepsTheNewestOfASourceAHundredTimesFasterAndAccountsForTheRest() { // L17, L19, L21
        String kilobyte = "x".repeat(1024);
        EventCounters counters = EventCounters.create();
        ConcurrentLinkedQueue<WeakReference<SseEvent>> sent = new ConcurrentLinkedQueue<>();
        Consumer consumer = new Consumer();
        try (TestServer server =
                        EventFeed.of(TOTAL).batch(25).data(n -> kilobyte).start();
                Connector connector = connector(server)) {
            stream(connector)
                    .completeOnCleanEnd()
                    .counters(counters)
                    .backpressure(Backpressure.dropOldest(CAPACITY))
                    // Sees each event before the buffer does.
                    .completeWhen(event -> {
                        sent.add(new WeakReference<>(event));
                        return false;
                    })
                    .events()
                    .subscribe(consumer);

            consumer.request(1);
            AtomicInteger asked = new AtomicInteger(1);
            await().atMost(ofMinutes(5)).pollInterval(ofMillis(1)).until(() -> {
                int due = (int) (counters.snapshot().events() / 100);
                if (due > asked.get()) {
                    consumer.request(due - asked.getAndSet(due));
                }
                return counters.snapshot().events() == TOTAL;
            });
            server.awaitNoOpenConnections(LIMIT);
            await().atMost(LIMIT).until(() -> consumer.received.size() == asked.get());
            assertThat(consumer.ended).isFalse();
            assertHoldsNoMoreThan(CAPACITY + asked.get() + 1, sent);

            consumer.request(Long.MAX_VALUE);
            await().atMost(LIMIT).untilTrue(consumer.ended);
        }

        assertThat(consumer.failures).isEmpty();
        List<SseEvent> received = consumer.received;
        long dropped = counters.snapshot().dropped();
        assertThat(received.size() + dropped).isEqualTo(TOTAL);
        assertThat(lost(received)).isEqualTo(dropped).isGreaterThan(TOTAL / 2);
        assertLossesSayWhatIsMissing(received);
        assertThat(received.subList(received.size() - CAPACITY, received.size()))
                .extracting(SseEvent::id)
                .isEqualTo(ids(TOTAL - CAPACITY + 1, TOTAL));
    }

    private static long lost(List<SseEvent> received) {
        return received.stream()
                .map(SseEvent::loss)
                .filter(Objects::nonNull)
                .mapToLong(Loss::count)
                .sum();
    }

    private static void assertLossesSayWhatIsMissing(List<SseEvent> received) {
        long before = 0;
        for (SseEvent event : received) {
            long number = Long.parseLong(event.id());
            assertThat(event.loss())
                    .isEqualTo(
                            number == before + 1
                                    ? null
                                    : new Loss(number - before - 1, before == 0 ? "" : "" + before, event.id()));
            before = number;
        }
    }

    private static void assertHoldsNoMoreThan(int most, Iterable<WeakReference<SseEvent>> sent) {
        await().atMost(LIMIT).pollDelay(Duration.ZERO).until(() -> {
            System.gc();
            int held = 0;
            for (WeakReference<SseEvent> event : sent) {
                held += event.get() == null ? 0 : 1;
            }
            return held <= most;
        });
    }

    @Test
    void failsOnlyAfterWhatWaitsHasBeenTaken() { // L19
        String events = IntStream.rangeClosed(1, 10)
                .mapToObj(n -> "id: " + n + "\ndata: " + n + "\n\n")
                .collect(Collectors.joining());
        String chunk = HEAD.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")
                + Integer.toHexString(events.length()) + "\r\n" + events + "\r\n";
        EventCounters counters = EventCounters.create();
        try (RawServer server = RawServer.replies(Reply.bytes(chunk).close()).start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector)
                                    .reconnect(ReconnectPolicy.never())
                                    .counters(counters)
                                    .backpressure(Backpressure.dropOldest(3))
                                    .events(),
                            1)
                    .expectNextMatches(event -> event.id().equals("1") && event.loss() == null)
                    .then(() -> server.awaitNoOpenConnections(LIMIT))
                    .then(() -> await().atMost(LIMIT)
                            .until(() -> counters.snapshot().events() == 10))
                    .thenRequest(1)
                    .expectNextMatches(event -> new Loss(6, "1", "8").equals(event.loss()))
                    .thenRequest(2)
                    .expectNextMatches(event -> event.id().equals("9"))
                    .expectNextMatches(event -> event.id().equals("10"))
                    .expectError(TransportException.class)
                    .verify(LIMIT);
        }
        assertThat(counters.snapshot().dropped()).isEqualTo(6);
    }

    @Test
    void keepsWhatWaitsOverABreakAndRepeatsNothing() { // L19, L47
        EventFeed feed = EventFeed.of(20).hangUpAfter(4);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector)
                                    .backpressure(Backpressure.dropOldest(100))
                                    .events()
                                    .map(SseEvent::id),
                            1)
                    .expectNext("1")
                    .then(() -> server.awaitRequests(6, LIMIT))
                    .thenRequest(100)
                    .expectNextSequence(ids(2, 20))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("", "4", "8", "12", "16", "20");
        }
    }

    /** Asks for what the test says. */
    private static final class Consumer extends BaseSubscriber<SseEvent> {

        private final List<SseEvent> received = Collections.synchronizedList(new ArrayList<>());
        private final List<Throwable> failures = new CopyOnWriteArrayList<>();
        private final AtomicBoolean ended = new AtomicBoolean();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(SseEvent event) {
            received.add(event);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            failures.add(failure);
            ended.set(true);
        }

        @Override
        protected void hookOnComplete() {
            ended.set(true);
        }
    }
}
