package dev.headrace.stream;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.JsonSchema;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One reading of a stream, for one subscriber: slices become parts, parts are read side by side, and what happens to them is noted by a
 * {@link StreamLedger}, one step after the other.
 *
 * @param <T> the type of the records
 */
final class StreamRun<T> {

    private final StreamSettings<T> settings;
    private final Connector connector;
    private final JsonNode given;
    private final StreamState state;
    private final Instant now;
    private final Map<Slice, SliceProgress> known = new HashMap<>();
    // Belong to the one who asks for slices.
    private final Map<Slice, Optional<Long>> begun = new HashMap<>();
    private final Set<String> withheld = new HashSet<>();
    private long order;

    private StreamRun(StreamSettings<T> settings, Connector connector, @Nullable JsonNode given) {
        this.settings = settings;
        this.connector = connector;
        this.given = given == null ? JsonNodeFactory.instance.objectNode() : given;
        this.state = settings.stateFormat().read(given);
        this.now = settings.clock.instant();
        state.slices().forEach(slice -> known.put(slice.slice(), slice));
    }

    static <T> Flux<Message<T>> messages(StreamSettings<T> settings, Connector connector, @Nullable JsonNode state) {
        Flux<Message<T>> messages = Flux.defer(() -> {
            StreamRun<T> run = new StreamRun<>(settings, connector, state);
            Mono<JsonSchema> schema = settings.schema;
            return schema == null
                    ? run.noted(null)
                    : Flux.just(schema).hide().concatMap(asked -> asked, 0).concatMap(run::noted, 0);
        });
        RecordCache<T> cache = settings.cache;
        JsonNode blank = settings.stateFormat().blank();
        return cache == null || state != null && !state.isEmpty() && !state.equals(blank)
                ? messages
                : cache.through(settings.name, messages, blank);
    }

    private Flux<Message<T>> noted(@Nullable JsonSchema schema) {
        StreamLedger<T> ledger = new StreamLedger<>(settings, state, now, schema);
        return new StepFlux<>(steps().concatWith(Mono.fromSupplier(Step.AllRead::new)), ledger::accept);
    }

    private Flux<Step<T>> steps() {
        Flux<Publisher<Step<T>>> works = works();
        if (settings.concurrency == 1) {
            return works.concatMap(work -> work, 0);
        }
        // flatMap asks for slices before anybody asks for messages, so it waits for that here.
        return Flux.just(works).hide().concatMap(all -> all.flatMap(work -> work, settings.concurrency, 1), 0);
    }

    /** What there is to do, in order: each a part of a slice, or a step that is one at once. */
    private Flux<Publisher<Step<T>>> works() {
        return items().concatMap(this::works, 0);
    }

    private Flux<ParentStream.Item> items() {
        if (!settings.parents.isEmpty()) {
            return Flux.fromIterable(settings.parents)
                    .concatMap(
                            parent -> parent.items(connector, state.parents().get(parent.name()), settings.config), 0);
        }
        return settings.slices == null
                ? Flux.just(ofSlice(Slice.EMPTY))
                : Flux.from(settings.slices.apply(given)).map(StreamRun::ofSlice);
    }

    private static ParentStream.Item ofSlice(Slice slice) {
        return new ParentStream.Item.OfSlice(slice, null, 0);
    }

    private Flux<Publisher<Step<T>>> works(ParentStream.Item item) {
        if (item instanceof ParentStream.Item.OfSlice slice) {
            return works(slice);
        }
        if (item instanceof ParentStream.Item.Reached reached) {
            return withheld.contains(reached.parent())
                    ? Flux.empty()
                    : Flux.just(Mono.just(new Step.ParentRead<>(reached.parent(), reached.state(), order)));
        }
        return Flux.just(Mono.just(
                new Step.Said<>(((ParentStream.Item.Said) item).notice().ofOthers())));
    }

    private Flux<Publisher<Step<T>>> works(ParentStream.Item.OfSlice item) {
        Slice slice = item.slice();
        SliceProgress progress =
                usable(known.getOrDefault(slice, SliceProgress.fresh(slice)).orFrom(state.cursor()));
        Optional<Long> mark = item.parent() == null ? Optional.empty() : Optional.of(item.mark());
        Optional<Long> before = begun.containsKey(slice) ? begun.get(slice) : Optional.ofNullable(progress.mark());
        boolean changed = mark.isPresent() && !mark.equals(before);
        boolean again = begun.containsKey(slice);
        if (changed && (again || progress.reading() != null)) {
            // It has changed since its reading began, which may have missed that; so the next run shall hear of it
            // again.
            withheld.add(Objects.requireNonNull(item.parent()));
        }
        if (again || progress.done() && !changed) {
            return Flux.empty();
        }
        begun.put(slice, progress.reading() == null ? mark : before);
        Position moment = new Position.Time(now);
        SliceReading reading = SliceReading.of(
                order++,
                progress.reading() == null ? progress.marked(mark.orElse(null)) : progress,
                begin(progress),
                settings.windows == null ? null : moment,
                settings.cursor instanceof DatetimeCursor ? moment : null);
        return reading.isEmpty()
                ? Flux.just(Mono.just(new Step.NothingToRead<>(reading)))
                : reading.parts(settings.windows).map(part -> PartReading.of(settings, connector, given, now, part));
    }

    /** A reading that was begun under other settings, and lacks what these need, begins anew. */
    private SliceProgress usable(SliceProgress progress) {
        SliceProgress.Reading reading = progress.reading();
        boolean unfit = reading != null
                && (reading.begun() == null && settings.cursor instanceof DatetimeCursor
                        || reading.until() == null && settings.windows != null);
        return unfit ? progress.withoutReading() : progress;
    }

    private @Nullable Position begin(SliceProgress progress) {
        Position position = progress.cursor();
        RecordCursor cursor = settings.recordCursor();
        if (cursor == null) {
            return position;
        }
        return position == null ? cursor.start() : cursor.lookedBack(position);
    }

    /** Reads the first record of the first slice. */
    static <T> Mono<Availability> availability(StreamSettings<T> settings, Connector connector) {
        StreamSettings<T> alone = settings.copy();
        alone.sliceErrorsAsNotices = false;
        return Flux.defer(() -> {
                    StreamRun<T> run = new StreamRun<>(alone, connector, null);
                    return run.items()
                            .filter(ParentStream.Item.OfSlice.class::isInstance)
                            .take(1)
                            .concatMap(run::works, 0)
                            .take(1)
                            .concatMap(
                                    work -> Flux.from(work)
                                            .filter(step -> step instanceof Step.Read<T>)
                                            .take(1)
                                            .map(step -> Availability.YES)
                                            .defaultIfEmpty(Availability.YES),
                                    0)
                            .defaultIfEmpty(Availability.no(
                                    "Stream '" + settings.name + "' has no slices to read"
                                            + (settings.parents.isEmpty() ? "" : ", for its parents have no records"),
                                    null));
                })
                .next()
                .onErrorResume(
                        HttpStatusException.class,
                        failure -> Optional.ofNullable(settings.unavailable.get(failure.status()))
                                .map(reason -> Mono.just(Availability.no(
                                        "Stream '" + settings.name + "' cannot be read (status " + failure.status()
                                                + "): "
                                                + reason
                                                + failure.serverMessage()
                                                        .map(said -> "; the remote says: " + said)
                                                        .orElse(""),
                                        failure.status())))
                                .orElseGet(() -> Mono.error(failure)));
    }
}
