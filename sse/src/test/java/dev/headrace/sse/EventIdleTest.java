package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.ids;
import static dev.headrace.sse.SocketStreams.stream;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.test.EventFeed;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The clock of silence: any byte resets it, and it runs only while something is asked for (L45). */
class EventIdleTest {

    private static final Duration SHORT = ofMillis(250);

    /** For servers that say something now and then; long enough for a busy machine. */
    private static final Duration PATIENT = ofMillis(400);

    private static final Duration MORE_THAN_PATIENT = ofMillis(900);

    @Test
    void takesSilenceForABreakAndGoesOn() { // L45
        EventFeed feed = EventFeed.of(4).silentAfter(2);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .idleTimeout(SHORT)
                            .completeOnCleanEnd()
                            .events()
                            .map(SseEvent::id))
                    .expectNextSequence(ids(1, 4))
                    .expectComplete()
                    .verify(LIMIT);
            assertThat(feed.lastEventIds()).containsExactly("", "2");
        }
    }

    @Test
    void failsAtSilenceIfItDoesNotReconnect() { // L45
        try (TestServer server = EventFeed.endless().silentAfter(2).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .reconnect(ReconnectPolicy.never())
                            .idleTimeout(SHORT)
                            .events())
                    .expectNextCount(2)
                    .expectError(ResponseTimeoutException.class)
                    .verify(LIMIT);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void failsAtSilenceInTheMiddleOfAnEvent() { // L45
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + "data: a\n\ndata: b").stall())
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .reconnect(ReconnectPolicy.never())
                            .idleTimeout(SHORT)
                            .events())
                    .expectNextCount(1)
                    .expectError(ResponseTimeoutException.class)
                    .verify(LIMIT);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void takesCommentsForSignsOfLife() { // L45
        EventFeed feed = EventFeed.endless().silentAfter(1).heartbeat(ofMillis(25));
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).idleTimeout(PATIENT).events())
                    .expectNextCount(1)
                    .expectNoEvent(MORE_THAN_PATIENT)
                    .thenCancel()
                    .verify(LIMIT);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void takesEachByteOfAnEventForASignOfLife() { // L45
        Reply reply = Reply.bytes(HEAD);
        for (char c : "data: ab\r\n\r\n".toCharArray()) {
            reply = reply.pause(ofMillis(75)).then(String.valueOf(c));
        }
        try (RawServer server = RawServer.replies(reply.stall()).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .reconnect(ReconnectPolicy.never())
                            .idleTimeout(PATIENT)
                            .events()
                            .map(SseEvent::data))
                    .expectNext("ab")
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    @Test
    void hasNoClockWhileTheConsumerDoesNotAsk() { // L18, L45
        try (TestServer server = EventFeed.endless().start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector)
                                    .reconnect(ReconnectPolicy.never())
                                    .idleTimeout(PATIENT)
                                    .events(),
                            1)
                    .expectNextCount(1)
                    .expectNoEvent(MORE_THAN_PATIENT)
                    .thenRequest(100)
                    .expectNextCount(100)
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    @Test
    void hasNoClockWhileTheConsumerBlocksAnotherThread() { // L18, L45
        try (TestServer server = EventFeed.of(50).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .reconnect(ReconnectPolicy.never())
                            .idleTimeout(PATIENT)
                            .events()
                            .publishOn(Schedulers.boundedElastic(), 1)
                            .doOnNext(event -> {
                                if (event.id().equals("3")) {
                                    Mono.delay(MORE_THAN_PATIENT).block();
                                }
                            })
                            .map(SseEvent::id))
                    .expectNextSequence(ids(1, 50))
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void runsForAStreamThatDropsWhetherItsConsumerAsksOrNot() { // L19, L45
        try (TestServer server = EventFeed.endless().silentAfter(3).start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector)
                                    .reconnect(ReconnectPolicy.never())
                                    .backpressure(Backpressure.dropOldest(10))
                                    .idleTimeout(SHORT)
                                    .events(),
                            1)
                    .expectNextCount(1)
                    .then(() -> server.awaitNoOpenConnections(LIMIT))
                    .thenRequest(10)
                    .expectNextCount(2)
                    .expectError(ResponseTimeoutException.class)
                    .verify(LIMIT);
        }
    }
}
