package dev.headrace.examples.dashboard;

import dev.headrace.json.Json;
import dev.headrace.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What the page asks for. All that moves comes by one stream of events: browsers have few connections for each site. */
@RestController
class DashboardController {

    private final LiveFeed feed;
    private final Pulse pulse;
    private final Downloads downloads;
    private final @Nullable DemoSite demo;
    private final Sinks.Empty<Void> closing = Sinks.empty();

    DashboardController(LiveFeed feed, Pulse pulse, Downloads downloads, ObjectProvider<DemoSite> demo) {
        this.feed = feed;
        this.pulse = pulse;
        this.downloads = downloads;
        this.demo = demo.getIfAvailable();
    }

    @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<SseEvent> live(@RequestHeader(name = "Last-Event-ID", defaultValue = "") String header) {
        // Browsers write ids in UTF-8, Reactor Netty reads headers as ISO 8859-1.
        String lastEventId = new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        Flux<SseEvent> statuses = Flux.defer(() -> Flux.just(pulse.past()))
                .map(past -> event("past", past))
                .concatWith(pulse.statuses().map(status -> event("status", status)));
        AtomicReference<String> last = new AtomicReference<>(lastEventId);
        return Flux.merge(1, feed.events(lastEventId), statuses)
                .map(event -> behind(last, event))
                .takeUntilOther(closing.asMono());
    }

    /** What is no event of the feed has the id of the one before it, so that a browser that comes back knows where it was. */
    private static SseEvent behind(AtomicReference<String> last, SseEvent event) {
        if (event.id().isEmpty()) {
            return new SseEvent(Objects.requireNonNull(last.get()), event.event(), event.data());
        }
        last.set(event.id());
        return event;
    }

    private static SseEvent event(String name, Object data) {
        return new SseEvent("", name, Json.writeText(data));
    }

    /** Breaks the line, or, where it is somebody else's, asks for another. */
    @PostMapping("/feed/cut")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cut() {
        if (demo == null) {
            feed.reconnect();
        } else {
            demo.cut();
        }
    }

    @PostMapping("/downloads/{name}/resume")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void resume(@PathVariable String name) {
        with(name, DownloadTask::resume);
    }

    @PostMapping("/downloads/{name}/pause")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void pause(@PathVariable String name) {
        with(name, DownloadTask::pause);
    }

    private void with(String name, Consumer<DownloadTask> action) {
        action.accept(downloads.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
    }

    /** A stream without end would keep a graceful shutdown waiting. */
    @EventListener(ContextClosedEvent.class)
    void endAll() {
        closing.tryEmitEmpty();
    }
}
