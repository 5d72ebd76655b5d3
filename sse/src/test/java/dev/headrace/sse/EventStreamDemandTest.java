package dev.headrace.sse;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Demand reaches the socket: nothing is sent, read or parsed before it is asked for. */
class EventStreamDemandTest {

    private static final Duration LIMIT = ofSeconds(30);

    @Test
    void sendsNothingBeforeTheFirstEventIsAskedFor() {
        try (TestServer server = EventFeed.endless().start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(events(connector), 0)
                    .expectSubscription()
                    .expectNoEvent(ofMillis(100))
                    .then(() -> assertThat(server.connectionsAccepted()).isZero())
                    .thenRequest(1)
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    @Test
    void handsOutOneChunksEventsOneByOne() {
        try (TestServer server = EventFeed.of(500).batch(500).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.Step<SseEvent> reading = StepVerifier.create(events(connector), 0);
            for (int i = 1; i <= 500; i++) {
                String id = Integer.toString(i);
                reading = reading.thenRequest(1)
                        .expectNextMatches(event -> event.id().equals(id));
            }
            reading.thenCancel().verify(LIMIT);
        }
    }

    @Test
    void takesDemandFromAnyThread() {
        int total = 20_000;
        try (TestServer server = EventFeed.of(total).batch(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(EventStream.from(connector, Request.get("/events"))
                            .completeOnCleanEnd()
                            .events()
                            .map(SseEvent::id)
                            .publishOn(Schedulers.parallel(), 7))
                    .expectNextSequence(IntStream.rangeClosed(1, total)
                            .mapToObj(Integer::toString)
                            .toList())
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void stopsTheServerWhenTheConsumerStopsAsking() {
        String kilobyte = "x".repeat(1024);
        try (TestServer server = TestServer.builder()
                        .route("/**", EventFeed.endless().data(n -> kilobyte))
                        .sendBuffer(64 * 1024)
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            AtomicLong received = new AtomicLong();
            BaseSubscriber<SseEvent> consumer = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    request(10);
                }

                @Override
                protected void hookOnNext(SseEvent event) {
                    received.incrementAndGet();
                }
            };
            events(connector).subscribe(consumer);

            long sent = awaitStandstill(server);
            assertThat(received).hasValue(10);
            // What the kernels of both sides hold; the consumer has taken 10 KB.
            assertThat(sent).isLessThan(16 * 1024 * 1024);

            consumer.request(20_000);
            await().atMost(LIMIT).until(() -> received.get() == 20_010);
            assertThat(awaitStandstill(server)).isGreaterThan(20_000 * 1024L);
            consumer.cancel();
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void connectsAgainOnlyWhenMoreIsAskedFor() {
        try (TestServer server = EventFeed.endless().hangUpAfter(2).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(
                            EventStream.from(connector, Request.get("/events"))
                                    .reconnect(ReconnectPolicy.exponential(ofMillis(5)))
                                    .events(),
                            2)
                    .expectNextCount(2)
                    .expectNoEvent(ofMillis(200))
                    .then(() -> assertThat(server.requests()).hasSize(1))
                    .thenRequest(1)
                    .expectNextCount(1)
                    .then(() -> assertThat(server.requests()).hasSize(2))
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    private static long awaitStandstill(TestServer server) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(LIMIT)
                .pollInterval(ofMillis(300))
                .until(() -> last.getAndSet(server.bytesSent()) == server.bytesSent());
        return server.bytesSent();
    }

    private static Flux<SseEvent> events(Connector connector) {
        return EventStream.from(connector, Request.get("/events")).events();
    }
}
