package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.refused;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
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
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Cancelling at any moment closes the connection and leaves nothing behind. Rounds of each phase: 60, under {@code -Psoak} 10,000 with a
 * look at the heap.
 */
class EventStreamCancelTest {

    private static final Duration LIMIT = ofSeconds(30);
    private static final boolean SOAK = Boolean.getBoolean("headrace.soak");
    private static final int ROUNDS = SOAK ? 10_000 : 60;

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

    /** Where a stream is when it is cancelled; each round of it ends by itself. */
    enum Phase {
        BEFORE_CONNECTING {
            @Override
            Publisher<?> round(Connector connector) {
                return Mono.fromRunnable(
                        () -> stream(connector, "/late").events().subscribe().dispose());
            }
        },
        BEFORE_THE_HEAD {
            @Override
            Publisher<?> round(Connector connector) {
                return stream(connector, "/late").events().takeUntilOther(Mono.delay(ofMillis(3)));
            }
        },
        WITHIN_AN_EVENT {
            @Override
            Publisher<?> round(Connector connector) {
                return stream(connector, "/half").events().take(1);
            }
        },
        DURING_THE_DELAY {
            @Override
            Publisher<?> round(Connector connector) {
                // The signal comes before the delay begins, so the cancellation comes a little after the signal.
                return stream(connector, "/busy")
                        .signals()
                        .flatMap(signal -> Mono.just(signal).delayElement(ofMillis(1)))
                        .take(1);
            }
        },
        WHILE_BLOCKED {
            @Override
            Publisher<?> round(Connector connector) {
                return stream(connector, "/endless")
                        .events()
                        .limitRate(2)
                        .concatMap(event -> Mono.just(event).delayElement(ofMillis(1)), 1)
                        .take(2);
            }
        },
        AT_ANY_MOMENT {
            @Override
            Publisher<?> round(Connector connector) {
                return Flux.defer(() -> stream(connector, "/endless")
                        .events()
                        .takeUntilOther(Mono.delay(
                                Duration.ofNanos(ThreadLocalRandom.current().nextLong(5_000_000)))));
            }
        };

        abstract Publisher<?> round(Connector connector);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void leavesNothingBehindAfterManyRounds(Phase phase) {
        CountingAllocator allocator = new CountingAllocator();
        try (TestServer server = TestServer.builder()
                        .route("/late", (request, response) -> Mono.never())
                        .route("/half", (request, response) -> halfAnEvent(response))
                        .route("/busy", Route.fixed(503, "text/plain", "busy"))
                        .route("/endless", EventFeed.endless().batch(20))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .transport(settings ->
                                settings.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator)))
                        .build()) {
            rounds(phase, connector, ROUNDS / 2);
            long before = SOAK ? heapAfterCollection() : 0;
            rounds(phase, connector, ROUNDS / 2);

            server.awaitNoOpenConnections(ofSeconds(10));
            if (SOAK) {
                assertThat(heapAfterCollection()).isLessThan(before + 16 * 1024 * 1024);
            }
        }
        allocator.assertAllReleased(ofSeconds(5));
    }

    private static void rounds(Phase phase, Connector connector, int rounds) {
        StepVerifier.create(Flux.range(0, rounds)
                        .flatMap(round -> Flux.from(phase.round(connector)).then(), 8)
                        .then())
                .expectComplete()
                .verify(ofMinutes(5));
    }

    private static Publisher<Void> halfAnEvent(HttpServerResponse response) {
        return response.header("Content-Type", "text/event-stream")
                .sendString(Mono.just("data: a\n\nid: 2\nda"))
                .then(Mono.never());
    }

    private static long heapAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
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
        return stream(connector, "/events").events();
    }

    private static EventStream stream(Connector connector, String path) {
        return EventStream.from(connector, Request.get(path));
    }
}
