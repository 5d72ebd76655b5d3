package dev.headrace.examples;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import reactor.core.publisher.Flux;

/** Events that go on where they stopped, however often the server hangs up. */
public final class EventsExample {

    private EventsExample() {}

    static Flux<SseEvent> changes(Connector api) {
        return EventStream.from(api, Request.get("/events"))
                .reconnect(ReconnectPolicy.exponential(ofSeconds(1)).maxDelay(ofSeconds(30)))
                .idleTimeout(ofSeconds(60))
                .events();
    }

    /**
     * Prints six events; the demo server hangs up after the fourth.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Example.print(args, api -> changes(api).take(6));
    }
}
