package dev.headrace.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.Backpressure;
import dev.headrace.sse.ConsumeOptions;
import dev.headrace.sse.ConsumeSummary;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventLimits;
import dev.headrace.sse.EventRelay;
import dev.headrace.sse.EventSignal;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseDecoder;
import dev.headrace.sse.SseEvent;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The listings of the guide to events. */
public final class EventListings {

    record Change(String type, String title, String user) {}

    record Question(String model, boolean stream, List<Turn> messages) {}

    record Turn(String role, String content) {}

    record Chunk(List<Choice> choices) {

        String text() {
            String content = choices.isEmpty() ? null : choices.get(0).delta().content();
            return content == null ? "" : content; // the role and the reason of the end are no text
        }
    }

    record Choice(Delta delta) {}

    record Delta(@Nullable String content) {}

    private EventListings() {}

    /**
     * Prints twenty changes of wikis as they happen.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try (Connector wikimedia =
                Connector.builder("https://stream.wikimedia.org").build()) {
            EventStream.from(wikimedia, Request.get("/v2/stream/recentchange"))
                    .idleTimeout(ofSeconds(60))
                    .events()
                    .take(20)
                    .doOnNext(event -> System.out.println(event.data()))
                    .blockLast();
        }
    }

    static EventStream reconnecting(EventStream stream) {
        return stream.reconnect(ReconnectPolicy.exponential(ofMillis(500))
                .maxDelay(ofMinutes(1))
                .maxReconnects(20)
                .resetAfter(ofSeconds(30)));
    }

    static Flux<SseEvent> kept(Connector wikimedia, Function<SseEvent, Mono<Void>> handle) {
        StateStore store = StateStore.file(Path.of("state"));
        return EventStream.from(wikimedia, Request.get("/v2/stream/recentchange"))
                .resumeFrom(store, "recentchange") // behind what an earlier run has handled
                .deduplicate(1_000)
                .events()
                .concatMap(event -> handle.apply(event).thenReturn(event), 1)
                .transform(Checkpoints.committing(store, "recentchange"));
    }

    static Mono<ConsumeSummary> chunks(
            EventStream stream,
            StateStore store,
            Function<List<SseEvent>, Mono<Void>> insert,
            BiFunction<List<SseEvent>, Throwable, Mono<Void>> deadLetter) {
        return stream.resumeFrom(store, "recentchange")
                .consume(
                        ConsumeOptions.defaults()
                                .chunkSize(200)
                                .maxWait(ofSeconds(2))
                                .onFailure(deadLetter),
                        insert);
    }

    static Flux<SseEvent> newest(EventStream prices) {
        return prices.backpressure(Backpressure.dropOldest(100)).events().doOnNext(event -> {
            if (event.loss() != null) {
                System.err.println(event.loss().count() + " events lost behind id "
                        + event.loss().after());
            }
        });
    }

    static Flux<Change> typed(EventStream stream) {
        return stream.events(Change.class);
    }

    static Flux<Change> readable(EventStream stream) {
        return stream.decoded(Change.class).mapNotNull(event -> {
            event.failure()
                    .ifPresent(problem -> System.err.println(event.event().data() + ": " + problem.getMessage()));
            return event.value().orElse(null);
        });
    }

    static Flux<String> answer(Connector model, String question) {
        Question body = new Question("demo", true, List.of(new Turn("user", question)));
        return EventStream.from(model, Request.post("/v1/chat/completions").json(body))
                .idleTimeout(ofSeconds(30))
                .completeWhen(SseEvent.dataEquals("[DONE]"))
                .requireCompletion()
                .events(Chunk.class)
                .map(Chunk::text);
    }

    static EventRelay relay(Connector prices) {
        return EventRelay.builder(
                        EventStream.from(prices, Request.get("/prices")).events())
                .replay(100)
                .linger(ofSeconds(30))
                .build();
    }

    static Flux<SseEvent> forOneBrowser(EventRelay relay, String lastEventId) {
        return relay.events(Backpressure.dropOldest(50), lastEventId);
    }

    static Flux<SseEvent> underAnotherClient(HttpClient client, URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .build();
        return Mono.fromFuture(() -> client.sendAsync(request, HttpResponse.BodyHandlers.ofPublisher()))
                .flatMapMany(response -> SseDecoder.create()
                        .decode(JdkFlowAdapter.flowPublisherToFlux(response.body())
                                .concatMapIterable(buffers -> buffers, 1)));
    }

    static Flux<SseEvent> watched(EventStream stream, EventCounters counters) {
        return stream.counters(counters)
                .signals()
                .doOnNext(signal -> {
                    if (signal instanceof EventSignal.Disconnected gone) {
                        System.err.println(
                                gone.reason() + ", again in " + gone.nextDelay().toSeconds() + " s");
                    }
                })
                .ofType(SseEvent.class);
    }

    static EventStream tolerant(EventStream stream) {
        return stream.limits(EventLimits.defaults().event(64 * 1024).skipping());
    }

    static EventStream signed(Connector feed, Request request, Mono<String> ticket) {
        return EventStream.from(feed, request)
                .requestPerAttempt(
                        attempt -> ticket.map(value -> attempt.request().query("ticket", value)));
    }
}
