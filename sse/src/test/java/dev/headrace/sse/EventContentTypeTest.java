package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.EventFeed;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Only {@code text/event-stream} is read, whatever stands behind it (WHATWG HTML §9.2.3, §9.2.5). */
class EventContentTypeTest {

    @Test
    void readsEventStreamsAsUtf8HoweverTheirTypeIsWritten() { // L50
        List<String> types = List.of(
                "text/event-stream",
                "text/event-stream;charset=utf-8",
                "text/event-stream; charset=\"windows-1251\"",
                "TEXT/EVENT-STREAM; Charset=ISO-8859-1",
                "text/event-stream ;x=y");
        try (RawServer server = answeringTheTypeAskedFor(types, "data: \u00e9\u4e2d\n\n");
                Connector connector = connector(server)) {
            for (int i = 0; i < types.size(); i++) {
                StepVerifier.create(EventStream.from(connector, Request.get("/" + i))
                                .completeOnCleanEnd()
                                .events())
                        .as(types.get(i))
                        .expectNext(new SseEvent("", "message", "\u00e9\u4e2d"))
                        .expectComplete()
                        .verify(LIMIT);
            }
        }
    }

    @Test
    void failsAtAnyOtherTypeAndKeepsTheBody() { // L50
        List<String> types = List.of(
                "text/event-stream-x",
                "text/event-streaming",
                "text/event",
                "application/json",
                "text/html; a=text/event-stream",
                "");
        try (RawServer server = answeringTheTypeAskedFor(types, "{\"error\":\"no such feed\"}");
                Connector connector = connector(server)) {
            for (int i = 0; i < types.size(); i++) {
                StepVerifier.create(EventStream.from(connector, Request.get("/" + i))
                                .events())
                        .as(types.get(i))
                        .expectErrorSatisfies(failure -> assertThat(failure)
                                .isInstanceOfSatisfying(UnexpectedContentTypeException.class, wrong -> {
                                    assertThat(wrong.status()).isEqualTo(200);
                                    assertThat(wrong.body()).isEqualTo("{\"error\":\"no such feed\"}");
                                }))
                        .verify(LIMIT);
            }
            assertThat(server.requests()).hasSameSizeAs(types);
        }
    }

    @Test
    void closesTheConnectionOfAnAnswerThatIsNoEventStreamAndHasNoEnd() { // L50
        try (TestServer server =
                        EventFeed.endless().batch(100).contentType("text/html").start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(UnexpectedContentTypeException.class, wrong -> {
                                assertThat(wrong.body()).startsWith("id: 1\n");
                                assertThat(wrong).hasMessageContaining("text/html");
                            }))
                    .verify(LIMIT);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    private static RawServer answeringTheTypeAskedFor(List<String> types, String body) {
        return RawServer.script(request -> {
                    String type = types.get(Integer.parseInt(request.path().substring(1)));
                    return Reply.bytes("HTTP/1.1 200 OK\r\n" + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                            + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body);
                })
                .start();
    }
}
