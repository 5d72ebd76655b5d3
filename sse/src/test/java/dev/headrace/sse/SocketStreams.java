package dev.headrace.sse;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.LocalServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What tests over real connections have in common. */
final class SocketStreams {

    static final Duration LIMIT = ofSeconds(30);

    static final ReconnectPolicy QUICK =
            ReconnectPolicy.exponential(ofMillis(5)).maxDelay(ofMillis(20));

    /** Of a response that lasts as long as its connection. */
    static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    /** The server wants no reconnection. */
    static final String STOP = "HTTP/1.1 204 No Content\r\n\r\n";

    private SocketStreams() {}

    static Connector connector(LocalServer server) {
        return Connector.builder(server.url()).build();
    }

    static EventStream stream(Connector connector) {
        return EventStream.from(connector, Request.get("/events")).reconnect(QUICK);
    }

    static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }
}
