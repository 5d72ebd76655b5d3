package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.refused;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.EventFeed;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Cancelling at any moment closes the connection and leaves nothing behind. */
class EventStreamCancelTest {

    private static final Duration LIMIT = ofSeconds(30);

    @Test
    void closesTheConnectionBeforeTheHead() {
        try (TestServer server =
                        EventFeed.endless().delaying(ofMinutes(5)).always().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Disposable reading = events(connector).subscribe();
            server.awaitRequests(1, LIMIT);

            reading.dispose();

            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void closesTheConnectionInTheMiddleOfAnEvent() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        try (RawServer server = RawServer.replies(
                                Reply.bytes(head + "data: a\n\nid: 2\ndata: b").stall())
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(events(connector))
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(LIMIT);

            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void closesTheConnectionWhileTheConsumerIsBehind() {
        try (TestServer server = EventFeed.endless().batch(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(events(connector), 3)
                    .expectNextCount(3)
                    .thenCancel()
                    .verify(LIMIT);

            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void stopsTheTimerOfTheBackoff() {
        assertThat(requestsAfterCancel(new PlayedServer(refused()))).isZero();
    }

    @Test
    void stopsTheTimerOfTheServersWait() {
        PlayedServer server = new PlayedServer(PlayedServer.status(503, Headers.of("Retry-After", "60"), ""));

        assertThat(requestsAfterCancel(server)).isZero();
    }

    @Test
    void leavesNothingBehindAfterAThousandRounds() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        CountingAllocator allocator = new CountingAllocator();
        AtomicLong received = new AtomicLong();
        try (TestServer server = EventFeed.endless().start();
                Connector connector = Connector.builder(server.url())
                        .transport(settings ->
                                settings.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator)))
                        .build()) {
            // Cancelled after none to four events, or at any moment up to some milliseconds, whatever is under way
            // then.
            Mono<Void> all = Flux.range(0, rounds)
                    .flatMap(
                            round -> events(connector)
                                    .doOnNext(event -> received.incrementAndGet())
                                    .take(round % 5)
                                    .takeUntilOther(
                                            round % 2 == 0
                                                    ? Mono.never()
                                                    : Mono.delay(Duration.ofNanos(round % 97 * 50_000L)))
                                    .then(),
                            8)
                    .then();

            StepVerifier.create(all).expectComplete().verify(ofMinutes(5));

            server.awaitNoOpenConnections(ofSeconds(10));
            assertThat(received.get()).isGreaterThan(rounds / 5);
        }
        allocator.assertAllReleased(ofSeconds(5));
    }

    /** Requests of the two days after a stream was cancelled while it waits to connect again. */
    private static long requestsAfterCancel(PlayedServer server) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();
        try {
            Disposable reading = server.stream().events().subscribe();
            await().atMost(LIMIT).until(() -> server.requests().size() == 1);

            reading.dispose();
            clock.advanceTimeBy(ofDays(2));

            return server.requests().size() - 1L;
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    private static Flux<SseEvent> events(Connector connector) {
        return EventStream.from(connector, Request.get("/events")).events();
    }
}
