package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.STOP;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.stream;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

/** Events at their limit and beyond, over a socket: the stream fails and closes, or goes past them. */
class EventSizeTest {

    private static final int SIZE = 1000;
    private static final EventLimits LIMITS = EventLimits.defaults().event(SIZE);
    private static final String FIRST = "id: 1\ndata: first\n\n";
    private static final String NEXT = "id: 3\ndata: next\n\n";

    static Stream<Arguments> oversized() {
        String ofTheLimit = "data: " + "x".repeat(SIZE - "data: ".length());
        return Stream.of(
                Arguments.of("one byte over", "id: 2\n" + ofTheLimit + "x\n\n"),
                Arguments.of("a line of a quarter of a megabyte", "id: 2\n" + ofTheLimit.repeat(250) + "\n\n"),
                Arguments.of("many small lines", "id: 2\n" + "data: 0123456789\n".repeat(100) + "\n"),
                Arguments.of("many lines without data", "id: 2\n" + "data\n".repeat(SIZE + 2) + "\n"),
                Arguments.of("an id", "id: " + "2".repeat(SIZE) + "\nid: 2\ndata: a\n\n"));
    }

    @Test
    void takesAnEventAsLargeAsTheLimit() {
        String data = "x".repeat(SIZE - "data: ".length());
        try (RawServer server = RawServer.replies(Reply.bytes(HEAD + "id: 1\ndata: " + data + "\n\n" + NEXT)
                                .stall())
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).limits(LIMITS).events())
                    .expectNext(new SseEvent("1", "message", data), new SseEvent("3", "message", "next"))
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oversized")
    void failsAtALargerOneWithoutMeetingItAgain(String name, String block) {
        assertFails(block);
    }

    @Test
    void failsAtALineThatHasNoEnd() {
        assertFails("data: " + "x".repeat(SIZE));
    }

    private static void assertFails(String block) {
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + FIRST + block).stall())
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).limits(LIMITS).events())
                    .expectNext(new SseEvent("1", "message", "first"))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(EventTooLargeException.class, large -> {
                                assertThat(large.limit()).isEqualTo(SIZE);
                                assertThat(large.lastEventId()).isEqualTo("1");
                            }))
                    .verify(LIMIT);

            server.awaitNoOpenConnections(ofSeconds(5));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oversized")
    void goesPastALargerOneAndKeepsTheNextWhole(String name, String block) {
        EventCounters counters = EventCounters.create();
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + FIRST + block + NEXT).close(), Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .limits(LIMITS.skipping())
                            .counters(counters)
                            .events())
                    .expectNext(new SseEvent("1", "message", "first"), new SseEvent("3", "message", "next"))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(counters.snapshot().oversized()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oversized")
    void comesBackBehindALargerOneItWentPast(String name, String block) {
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + FIRST + block).close(), Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).limits(LIMITS.skipping()).events())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests().get(1).header("Last-Event-ID")).contains("2");
        }
    }
}
