package dev.headrace.examples.shop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.sse.Backpressure;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventRelay;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.Loss;
import dev.headrace.sse.SseEvent;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/** Hands the prices of one connection on to all browsers. */
@RestController
class PriceController {

    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final EventRelay relay;

    PriceController(@Qualifier("exchange") Connector exchange, EventCounters prices) {
        Flux<SseEvent> events = EventStream.from(exchange, Request.get("/prices"))
                .idleTimeout(ofSeconds(60)) // a silence that long is a broken line
                .counters(prices)
                .events()
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, ofSeconds(5))) // a 401 would end every browser
                .takeUntilOther(closing.asMono()); // or lingering would keep the line while the application stops
        relay = EventRelay.builder(events)
                .replay(100)
                .linger(ofSeconds(30)) // for one that reloads the page
                .counters(prices)
                .build();
    }

    @GetMapping(path = "/prices", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<SseEvent> prices(@RequestHeader(name = "Last-Event-ID", defaultValue = "") String header) {
        // Browsers write ids in UTF-8, Reactor Netty reads headers as ISO 8859-1.
        String lastEventId = new String(header.getBytes(ISO_8859_1), UTF_8);
        return relay.events(Backpressure.dropOldest(50), lastEventId)
                .concatMapIterable(PriceController::withItsLoss, 1);
    }

    /** What a slow browser has lost goes out as a comment, which EventSource shows to nobody: here it is an event as well. */
    private static List<SseEvent> withItsLoss(SseEvent event) {
        Loss loss = event.loss();
        return loss == null ? List.of(event) : List.of(new SseEvent(loss.after(), "loss", Json.writeText(loss)), event);
    }

    /** Before the web server waits for its last requests, which these are. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing.tryEmitEmpty();
    }
}
