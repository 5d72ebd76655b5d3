package dev.headrace.examples.dashboard;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.sse.Backpressure;
import dev.headrace.sse.EventRelay;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseEvent;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.TransferProgress;
import java.nio.file.Path;
import java.time.Instant;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The other side of the guide: the same with Headrace, whose connectors are made from properties. */
final class ByHeadrace {

    record Issue(long number, String title, String state, Instant updatedAt) {}

    private ByHeadrace() {}

    static Mono<Issue> one(Connector github) {
        return github.fetch(
                Request.get("/repos/{owner}/{repo}/issues/{n}", "reactor", "reactor-core", 1998), Issue.class);
    }

    static Flux<Issue> all(Connector github) {
        return github.records(Endpoint.get("/repos/reactor/reactor-core/issues")
                .query("per_page", 100)
                .paginate(Pagination.linkHeader())
                .items(Issue.class));
    }

    static Flux<SseEvent> events(Connector wikimedia, StateStore store) {
        return EventStream.from(wikimedia, Request.get("/v2/stream/recentchange"))
                .resumeFrom(store, "recentchange") // also after a restart
                .events()
                .concatMap(event -> handle(event).thenReturn(event), 1)
                .transform(Checkpoints.committing(store, "recentchange"));
    }

    static Flux<TransferProgress> file(Connector storage, Path target) {
        return Download.from(storage, Request.get("/images/disk.iso"))
                .to(target) // complete, or not there
                .progress(); // cancel it, subscribe again: it goes on where it was
    }

    static EventRelay relay(Connector prices) {
        return EventRelay.builder(
                        EventStream.from(prices, Request.get("/prices")).events())
                .replay(100)
                .linger(ofSeconds(30)) // for one that reloads the page
                .build();
    }

    static Flux<SseEvent> forOneBrowser(EventRelay relay, String lastEventId) {
        return relay.events(Backpressure.dropOldest(50), lastEventId);
    }

    static Flux<SseEvent> parsed(WebClient client) {
        return client.get().uri("/events").retrieve().bodyToFlux(SseEvent.class);
    }

    private static Mono<Void> handle(SseEvent event) {
        return Mono.fromRunnable(() -> System.out.println(event.data()));
    }
}
