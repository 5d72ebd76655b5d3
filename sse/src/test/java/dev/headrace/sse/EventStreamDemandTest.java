package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.ids;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Demand reaches the socket (L18, L41): nothing is sent, read or parsed before it is asked for. */
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

    /** No scheduler in between: an event that may go out goes out while its bytes are being read. */
    @Test
    void handsOutTheFirstEventOnTheThreadThatReadItsBytes() {
        List<String> readers = new CopyOnWriteArrayList<>();
        List<String> receivers = new CopyOnWriteArrayList<>();
        ChannelInboundHandlerAdapter watch = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object read) {
                readers.add(Thread.currentThread().getName());
                context.fireChannelRead(read);
            }
        };
        try (TestServer server = EventFeed.endless().start();
                Connector connector = Connector.builder(server.url())
                        .transport(settings ->
                                settings.customize(client -> client.doOnChannelInit((observer, channel, remote) ->
                                        channel.pipeline().addFirst(watch))))
                        .build()) {
            StepVerifier.create(events(connector)
                            .doOnNext(event ->
                                    receivers.add(Thread.currentThread().getName()))
                            .take(1))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(receivers).containsExactly(readers.get(0));
        }
    }

    @Test
    void takesDemandFromAnyThread() {
        int total = 10_000;
        try (TestServer server = EventFeed.of(total).batch(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(EventStream.from(connector, Request.get("/events"))
                            .completeOnCleanEnd()
                            .events()
                            .map(SseEvent::id)
                            .publishOn(Schedulers.parallel(), 7))
                    .expectNextSequence(ids(1, total))
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    /** A consumer that sleeps: directly behind the stream, or behind another thread with a buffer of one. */
    @ParameterizedTest(name = "on a thread of its own: {0}")
    @ValueSource(booleans = {false, true})
    void stopsTheServerWhileTheConsumerSleepsAndLosesNothing(boolean elsewhere) { // L18
        String kilobyte = "x".repeat(1024);
        int total = 4_000;
        try (TestServer server = TestServer.builder()
                        .route("/**", EventFeed.endless().batch(16).data(n -> kilobyte))
                        .sendBuffer(16 * 1024)
                        .start();
                Connector connector = Connector.builder(server.url())
                        .transport(settings ->
                                settings.customize(client -> client.option(ChannelOption.SO_RCVBUF, 16 * 1024)))
                        .build()) {
            List<String> received = new CopyOnWriteArrayList<>();
            BaseSubscriber<SseEvent> consumer = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    request(10);
                }

                @Override
                protected void hookOnNext(SseEvent event) {
                    received.add(event.id());
                }
            };
            Flux<SseEvent> events = events(connector);
            (elsewhere ? events.publishOn(Schedulers.parallel(), 1) : events).subscribe(consumer);

            await().atMost(LIMIT).until(() -> received.size() == 10);
            long sent = awaitStandstill(server);
            assertThat(received).hasSize(10);
            // What the kernels of both sides hold and one read of ours; the consumer has taken 10 KB.
            assertThat(sent).isBetween(10 * 1024L, 1024 * 1024L);

            consumer.request(total - 10);
            await().atMost(LIMIT).until(() -> received.size() == total);
            assertThat(awaitStandstill(server)).isBetween(total * 1024L, (total + 1024) * 1024L + total * 16L);
            assertThat(received).isEqualTo(ids(1, total));
            consumer.cancel();
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void takesDemandThatIsZeroAtFirstAndUnboundedThen() { // L18
        try (TestServer server = EventFeed.of(2_000).batch(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(
                            EventStream.from(connector, Request.get("/events"))
                                    .completeOnCleanEnd()
                                    .events()
                                    .map(SseEvent::id),
                            1)
                    .expectNext("1")
                    .expectNoEvent(ofMillis(50))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextSequence(ids(2, 2_000))
                    .expectComplete()
                    .verify(LIMIT);
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
                    .expectNoEvent(ofMillis(100))
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
                .pollInterval(ofMillis(150))
                .until(() -> last.getAndSet(server.bytesSent()) == server.bytesSent());
        return server.bytesSent();
    }

    private static Flux<SseEvent> events(Connector connector) {
        return EventStream.from(connector, Request.get("/events")).events();
    }
}
