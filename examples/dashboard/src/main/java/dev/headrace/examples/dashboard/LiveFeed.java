package dev.headrace.examples.dashboard;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.sse.Backpressure;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventRelay;
import dev.headrace.sse.EventSignal;
import dev.headrace.sse.EventStats;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.Loss;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/** The feed: one connection for all browsers, made when the first comes and closed a while after the last has left. */
@Component
class LiveFeed {

    private static final Duration LINGER = ofSeconds(10);
    private static final Duration AGAIN = ofSeconds(5);

    private final EventCounters counters;
    private final Sinks.Many<Boolean> reconnections = Sinks.many().multicast().directBestEffort();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final EventRelay relay;
    private final int waiting;
    private volatile String state = "nobody is looking";

    /** What a browser gets of an event. */
    private record Shown(String type, String data) {}

    LiveFeed(@Qualifier("feed") Connector connector, EventCounters counters, DashboardProperties properties) {
        this.counters = counters;
        waiting = properties.waiting();
        Flux<SseEvent> events = EventStream.from(connector, Request.of("GET", properties.feed()))
                .reconnect(ReconnectPolicy.exponential(ofSeconds(1)).maxDelay(ofSeconds(30)))
                .reconnectOn(reconnections.asFlux())
                .counters(counters)
                .signals()
                .doOnNext(this::note)
                .ofType(SseEvent.class)
                .map(event -> shown(event, properties.shown()))
                .doOnError(failure -> state = "failed: " + failure.getMessage())
                .doOnComplete(() -> state = "ended by its server")
                .doOnCancel(() -> state = "nobody is looking")
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, AGAIN))
                .takeUntilOther(closing.asMono());
        relay = EventRelay.builder(events)
                .replay(properties.kept())
                .linger(LINGER)
                .counters(counters)
                .build();
    }

    /** The events for one browser; what it loses because it is slow is told in between. */
    Flux<SseEvent> events(String lastEventId) {
        return relay.events(Backpressure.dropOldest(waiting), lastEventId)
                .concatMapIterable(
                        event -> {
                            Loss loss = event.loss();
                            return loss == null
                                    ? List.of(event)
                                    : List.of(new SseEvent("", "loss", Json.writeText(loss)), event);
                        },
                        1);
    }

    /** Closes the connection and makes another, which goes on behind the last event. */
    void reconnect() {
        reconnections.tryEmitNext(true);
    }

    /** Lingering would keep the connection, and with it the end of the application. */
    @EventListener(ContextClosedEvent.class)
    void end() {
        closing.tryEmitEmpty();
    }

    String state() {
        return state;
    }

    int browsers() {
        return relay.readers();
    }

    EventStats stats() {
        return counters.snapshot();
    }

    private void note(EventSignal signal) {
        if (signal instanceof EventSignal.Connected) {
            state = "connected";
        } else if (signal instanceof EventSignal.Disconnected gone) {
            state = "reconnecting in " + gone.nextDelay().toMillis() + " ms";
        }
    }

    /** Made once for all browsers. They know one name; a page can listen to no others. */
    private static SseEvent shown(SseEvent event, int most) {
        String data = event.data();
        String shown = data.length() <= most ? data : data.substring(0, most) + "…";
        return new SseEvent(event.id(), "feed", Json.writeText(new Shown(event.event(), shown)));
    }
}
