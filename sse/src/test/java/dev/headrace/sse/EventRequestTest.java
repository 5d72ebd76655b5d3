package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.QUICK;
import static dev.headrace.sse.SocketStreams.STOP;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.EventFeed;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** What is on the wire of each connection's request (WHATWG HTML §9.2.3). */
class EventRequestTest {

    @Test
    void sendsWhatTheStandardSaysAndNoMore() { // L49
        try (TestServer server = EventFeed.of(1).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).completeOnCleanEnd().events())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);

            RecordedRequest request = server.requests().get(0);
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.headers("Accept")).containsExactly("text/event-stream");
            assertThat(request.headers("Cache-Control")).containsExactly("no-cache");
            assertThat(request.headers("Accept-Encoding")).containsExactly("identity");
            assertThat(request.header("Last-Event-ID")).isEmpty();
        }
    }

    @Test
    void leavesTheUsersOwnHeadersAndParametersAsTheyAre() { // L13, L41, L49
        try (TestServer server = EventFeed.of(2).hangUpAfter(1).start();
                Connector connector = connector(server)) {
            StepVerifier.create(EventStream.from(
                                    connector,
                                    Request.get("/events")
                                            .query("topic", "a b")
                                            .header("accept", "text/event-stream, application/json")
                                            .header("cache-control", "no-store")
                                            .header("X-Tenant", "t1"))
                            .reconnect(QUICK)
                            .events()
                            .take(2))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests()).hasSize(2).allSatisfy(request -> {
                assertThat(request.query("topic")).contains("a b");
                assertThat(request.headers("Accept")).containsExactly("text/event-stream, application/json");
                assertThat(request.headers("Cache-Control")).containsExactly("no-store");
                assertThat(request.headers("X-Tenant")).containsExactly("t1");
            });
        }
    }

    @Test
    void beginsAfterTheIdItIsGiven() { // L47
        EventFeed feed = EventFeed.of(43);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).lastEventId("41").events().map(SseEvent::id))
                    .expectNext("42", "43")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("41", "43");
        }
    }

    @Test
    void sendsNoHeaderAfterTheServerHasTakenTheIdBack() { // L48
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + "id: 1\ndata: a\n\nid\ndata: b\n\n")
                                        .close(),
                                Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).lastEventId("0").events().map(SseEvent::id))
                    .expectNext("1", "")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests())
                    .extracting(request -> request.headers("Last-Event-ID").size())
                    .containsExactly(1, 0);
        }
    }

    @Test
    void sendsIdsOutsideAsciiAsUtf8() { // L47
        // Two, three and four bytes a character, and what Latin-1 and UTF-8 write differently.
        assertComesBackAs("\u2713 caf\u00e9 \u4e2d \ud83d\ude00 \u00ff");
    }

    @Test
    void sendsAnIdOfEightKilobytes() { // L47
        assertComesBackAs("k".repeat(8 * 1024));
    }

    @Test
    void sendsALongIdOutsideAscii() { // L47
        assertComesBackAs("\u4e2d".repeat(8 * 1024 / 3));
    }

    private static void assertComesBackAs(String cursor) {
        LongFunction<String> id = n -> cursor + "-" + n;
        EventFeed feed = EventFeed.of(2)
                .hangUpAfter(1)
                .ids(id, received -> Long.parseLong(received.substring(received.lastIndexOf('-') + 1)));
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::id))
                    .expectNext(id.apply(1), id.apply(2))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("", id.apply(1), id.apply(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "REPORT"})
    void sendsTheBodyAgainOnEachConnectionOfAMethodThatHasOne(String method) { // L42, L47
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + "id: 1\ndata: a\n\nid: 2\nda")
                                        .reset(),
                                Reply.bytes(HEAD + "id: 2\ndata: b\n\n").close(),
                                Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(EventStream.from(
                                    connector, Request.of(method, "/events").json("why?"))
                            .reconnect(QUICK)
                            .reconnectOnCleanEnd()
                            .events()
                            .map(SseEvent::data)
                            .distinct())
                    // A reset may overtake the event that was sent before it.
                    .expectNextMatches(data -> data.equals("a") || data.equals("b"))
                    .thenConsumeWhile(data -> true)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests()).hasSize(3).allSatisfy(request -> {
                assertThat(request.method()).isEqualTo(method);
                assertThat(request.headers("Content-Type")).containsExactly("application/json");
                assertThat(request.body()).isEqualTo("\"why?\"");
                assertThat(request.headers("Accept")).containsExactly("text/event-stream");
            });
            assertThat(server.requests().get(2).header("Last-Event-ID")).contains("2");
        }
    }
}
