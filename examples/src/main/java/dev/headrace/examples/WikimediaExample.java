package dev.headrace.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Changes of wikis from a server that hangs up and repeats itself; another run goes on where this one was. */
public final class WikimediaExample {

    private WikimediaExample() {}

    static Flux<SseEvent> changes(Connector wikimedia, StateStore store, EventCounters counters, long count) {
        return EventStream.from(wikimedia, Request.get("/v2/stream/recentchange"))
                .reconnect(ReconnectPolicy.exponential(ofMillis(200)).maxDelay(ofSeconds(30)))
                .idleTimeout(ofSeconds(60))
                .resumeFrom(store, "recentchange") // behind what an earlier run has handled
                .deduplicate(1_000) // ids are times here, so some events come again after a break
                .counters(counters)
                .events()
                .filter(event -> !isCanary(event))
                .take(count)
                .transform(Checkpoints.committing(store, "recentchange"));
    }

    private static boolean isCanary(SseEvent event) {
        return Json.tree(event.data()).at("/meta/domain").asString("").equals("canary");
    }

    /** Eight changes, then eight more as another process would read them, then what was counted. */
    private static Flux<String> twoRuns(Connector wikimedia, Path folder) {
        StateStore store = StateStore.file(folder);
        EventCounters counters = EventCounters.create();
        Flux<String> run = changes(wikimedia, store, counters, 8)
                .map(event -> Json.tree(event.data()).at("/title").asString(""));
        return run.concatWithValues("The program ends, and begins anew.")
                .concatWith(run)
                .concatWith(Mono.fromSupplier(() -> counters.snapshot().toString()));
    }

    /**
     * Prints changes of two runs, and what was counted. The demo server hangs up after every eighth change and then repeats two: within a run
     * they are left out, at the beginning of the second they are not.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Example.print(args, api -> twoRuns(api, folder.path()));
        }
    }
}
