package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.ids;
import static dev.headrace.sse.SocketStreams.stream;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Demand and cancellation from threads of their own, while events come. Rounds: 500, under {@code -Psoak} 10,000. */
class EventConcurrencyTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 10_000 : 500;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handsOutWhatSeveralThreadsAskForOneAfterTheOther(boolean drops) {
        int each = 400;
        int threads = 3;
        try (TestServer server = EventFeed.endless().batch(10).start();
                Connector connector = connector(server)) {
            Consumer consumer = new Consumer(Integer.MAX_VALUE);
            EventStream stream = stream(connector);
            (drops ? stream.backpressure(Backpressure.dropOldest(10)) : stream)
                    .events()
                    .subscribe(consumer);

            Flux.range(0, threads)
                    .flatMap(thread -> Mono.fromRunnable(() -> {
                                for (int i = 0; i < each; i++) {
                                    consumer.request(1);
                                }
                            })
                            .subscribeOn(Schedulers.parallel()))
                    .blockLast(LIMIT);
            await().atMost(LIMIT).until(() -> consumer.received.size() == threads * each);
            consumer.cancel();
            server.awaitNoOpenConnections(ofSeconds(5));

            // Not one too many, and never two at a time.
            assertThat(consumer.received).hasSize(threads * each);
            assertThat(consumer.mostAtOnce).hasValue(1);
            if (!drops) {
                assertThat(consumer.received).isEqualTo(ids(1, threads * each));
            }
        }
    }

    @Test
    void survivesCancellationsThatRaceWithEventsAndDemand() {
        CountingAllocator allocator = new CountingAllocator();
        List<Consumer> consumers = new CopyOnWriteArrayList<>();
        try (TestServer server = EventFeed.endless().batch(5).start();
                Connector connector = Connector.builder(server.url())
                        .transport(settings ->
                                settings.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator)))
                        .build()) {
            Flux.range(0, ROUNDS)
                    .flatMap(round -> round(connector, round, consumers), 8)
                    .blockLast(Duration.ofMinutes(5));

            server.awaitNoOpenConnections(ofSeconds(10));
            assertThat(consumers).hasSize(ROUNDS);
            assertThat(consumers.stream().mapToInt(consumer -> consumer.mostAtOnce.get()))
                    .allMatch(most -> most < 2);
            assertThat(consumers.stream().flatMap(consumer -> consumer.failures.stream()))
                    .isEmpty();
            assertThat(consumers.stream().mapToInt(consumer -> consumer.received.size()))
                    .anyMatch(received -> received > 3);
        }
        allocator.assertAllReleased(ofSeconds(5));
    }

    /** One thread asks for more and more while another cancels: at an event, or at any time within the first milliseconds. */
    private static Mono<Void> round(Connector connector, int round, List<Consumer> consumers) {
        return Mono.defer(() -> {
            Consumer consumer = new Consumer(round % 2 == 0 ? Integer.MAX_VALUE : 1 + round % 23);
            consumers.add(consumer);
            EventStream stream = stream(connector);
            (round % 3 == 0 ? stream.backpressure(Backpressure.dropOldest(5)) : stream)
                    .events()
                    .subscribe(consumer);
            Mono<Void> asking = Mono.<Void>fromRunnable(() -> {
                        for (int i = 0; i < 50; i++) {
                            consumer.request(1);
                        }
                    })
                    .subscribeOn(Schedulers.parallel());
            Mono<Void> cancelling = round % 2 == 1
                    ? consumer.cancelled.asMono()
                    : Mono.delay(Duration.ofNanos(round % 83 * 60_000L))
                            .doOnNext(now -> consumer.cancel())
                            .then();
            return Mono.when(asking, cancelling);
        });
    }

    /** Cancels on another thread at a certain event. */
    private static final class Consumer extends BaseSubscriber<SseEvent> {

        private final List<String> received = new CopyOnWriteArrayList<>();
        private final List<Throwable> failures = new CopyOnWriteArrayList<>();
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final Sinks.Empty<Void> cancelled = Sinks.empty();
        private final int last;

        Consumer(int last) {
            this.last = last;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(SseEvent event) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            received.add(event.id());
            if (received.size() == last) {
                Schedulers.parallel().schedule(this::cancel);
            }
            atOnce.decrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable failure) {
            failures.add(failure);
        }

        @Override
        protected void hookOnCancel() {
            cancelled.tryEmitEmpty();
        }
    }
}
