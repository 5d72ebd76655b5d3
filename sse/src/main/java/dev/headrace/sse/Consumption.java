package dev.headrace.sse;

import dev.headrace.state.StateStore;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run of {@link EventStream#consume}. Chunks follow one another, so what is counted needs no guard. */
final class Consumption {

    private final EventStream stream;
    private final ConsumeOptions options;
    private final Function<? super List<SseEvent>, ? extends Publisher<?>> handler;
    private final LongAdder dropped = new LongAdder();
    private long processed;
    private long chunks;
    private long failed;
    private String lastHandledId;

    Consumption(
            EventStream stream,
            ConsumeOptions options,
            Function<? super List<SseEvent>, ? extends Publisher<?>> handler) {
        this.stream = stream;
        this.options = options;
        this.handler = handler;
        this.lastHandledId = stream.settings().lastEventId;
    }

    Mono<ConsumeSummary> run() {
        return stream.run(EventShape.events(), id -> lastHandledId = id, dropped::increment)
                .take(options.maxEvents())
                .transform(events -> EventChunks.of(events, options.chunkSize(), options.maxWait()))
                .concatMap(this::handle, 0)
                .then(Mono.fromSupplier(this::summary));
    }

    private Mono<Void> handle(List<SseEvent> chunk) {
        return Flux.defer(() -> Flux.from(handler.apply(chunk)))
                .then(Mono.<Void>fromRunnable(() -> {
                    processed += chunk.size();
                    chunks++;
                }))
                .onErrorResume(failure -> failed(chunk, failure))
                .then(Mono.defer(() -> save(chunk.get(chunk.size() - 1).id())));
    }

    private Mono<Void> failed(List<SseEvent> chunk, Throwable failure) {
        var other = options.onFailure();
        if (other == null) {
            return Mono.error(exception(chunk, failure));
        }
        return Flux.defer(() -> Flux.from(other.apply(chunk, failure)))
                .onErrorMap(again -> {
                    if (again != failure) {
                        again.addSuppressed(failure);
                    }
                    return exception(chunk, again);
                })
                .then(Mono.fromRunnable(() -> failed += chunk.size()));
    }

    private EventHandlingException exception(List<SseEvent> chunk, Throwable failure) {
        return new EventHandlingException(
                lastHandledId, chunk.get(0).id(), chunk.get(chunk.size() - 1).id(), chunk.size(), failure);
    }

    /** An event without an id is no place to go on from. */
    private Mono<Void> save(String id) {
        lastHandledId = id;
        StateStore store = stream.settings().store;
        return store == null || id.isEmpty()
                ? Mono.empty()
                : store.save(stream.settings().storeKey, StoredPosition.of(id));
    }

    private ConsumeSummary summary() {
        return new ConsumeSummary(processed, chunks, failed, dropped.sum(), options.chunkSize(), lastHandledId);
    }
}
