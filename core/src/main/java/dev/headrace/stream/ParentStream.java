package dev.headrace.stream;

import dev.headrace.connector.Connector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/**
 * A stream whose records are the slices of another: the repositories, of which each has issues. A value: every change gives a new one.
 *
 * <pre>{@code
 * issues.parent(ParentStream.of(repositories, repo -> Slice.of("owner", repo.owner()).with("repo", repo.name())))
 * }</pre>
 *
 * <p>The parent is read with the child's connector, as far ahead as slices are wanted. To read it once for several children, give it a
 * {@linkplain RecordStream#cached cache}.
 *
 * @param <P> the type of the parent's records
 */
public final class ParentStream<P> {

    private final RecordStream<P> parent;
    private final Function<? super P, Slice> slice;
    private final int batch;
    private final boolean incremental;

    private ParentStream(RecordStream<P> parent, Function<? super P, Slice> slice, int batch, boolean incremental) {
        this.parent = parent;
        this.slice = slice;
        this.batch = batch;
        this.incremental = incremental;
    }

    /**
     * A parent that is read whole for each reading of the child.
     *
     * @param parent the stream
     * @param slice makes a slice of each record; must not block or return null
     * @param <P> the type of the parent's records
     * @return the parent
     */
    public static <P> ParentStream<P> of(RecordStream<P> parent, Function<? super P, Slice> slice) {
        return new ParentStream<>(
                Objects.requireNonNull(parent, "parent"), Objects.requireNonNull(slice, "slice"), 1, false);
    }

    /**
     * Makes one slice of several records, for an API that takes lists of ids: each value is the list of those of the records.
     *
     * @param records how many at most
     * @return a new parent
     * @throws IllegalArgumentException if it is less than 1
     */
    public ParentStream<P> batch(int records) {
        if (records < 1) {
            throw new IllegalArgumentException("batch must be at least 1, but is " + records);
        }
        return new ParentStream<>(parent, slice, records, incremental);
    }

    /**
     * Reads the parent incrementally: the child reads slices of parents that are new or have changed. The parent's state is part of the
     * child's, and moves on when the slices of its records have been read. Each of its records must make a slice of its own: if several make
     * the same one, they are read again in each run.
     *
     * @return a new parent
     * @throws IllegalArgumentException if the stream has no cursor
     */
    public ParentStream<P> incremental() {
        if (!parent.hasCursor()) {
            throw new IllegalArgumentException("Stream '" + parent.name()
                    + "' has no cursor, so it cannot be a parent that is read incrementally");
        }
        return new ParentStream<>(parent, slice, batch, true);
    }

    /** The same, read whole. */
    ParentStream<P> whole() {
        return new ParentStream<>(parent, slice, batch, false);
    }

    boolean isBatched() {
        return batch > 1;
    }

    String name() {
        return parent.name();
    }

    boolean isIncremental() {
        return incremental;
    }

    /** What a parent gives: a slice, how far it has come, a notice. */
    sealed interface Item {

        /** With the name of the parent and a mark of its record, or several, if it is read incrementally. */
        record OfSlice(Slice slice, @Nullable String parent, long mark) implements Item {}

        record Reached(String parent, JsonNode state) implements Item {}

        record Said(Notice<?> notice) implements Item {}
    }

    /** The configuration is that of the child, for a parent that has none of its own. */
    Flux<Item> items(Connector connector, @Nullable JsonNode state, JsonNode config) {
        RecordStream<P> configured = parent.orWith(config);
        return incremental
                ? items(
                        configured.marked().readFrom(state, connector),
                        RecordStream.Marked::record,
                        RecordStream.Marked::mark)
                : items(configured.readFrom(null, connector), record -> record, record -> 0);
    }

    private <R> Flux<Item> items(Flux<Message<R>> messages, Function<R, P> recordOf, ToLongFunction<R> markOf) {
        return Flux.defer(() -> {
            Gathered gathered = new Gathered();
            return messages.concatMap(
                            message -> {
                                if (message instanceof StreamRecord<R> record) {
                                    Slice made = slice.apply(recordOf.apply(record.data()));
                                    gathered.add(
                                            Objects.requireNonNull(made, "slice of a parent's record"),
                                            markOf.applyAsLong(record.data()));
                                    return Flux.fromIterable(
                                            gathered.slices.size() < batch ? List.of() : together(gathered));
                                }
                                return Flux.fromIterable(items(message, gathered));
                            },
                            0)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(together(gathered))));
        });
    }

    private List<Item> items(Message<?> message, Gathered gathered) {
        if (message instanceof Checkpoint<?> checkpoint && incremental) {
            List<Item> items = new ArrayList<>(together(gathered));
            items.add(new Item.Reached(parent.name(), checkpoint.state()));
            return items;
        }
        return message instanceof Notice<?> notice ? List.of(new Item.Said(notice)) : List.of();
    }

    /** What becomes one slice. */
    private static final class Gathered {

        private final List<Slice> slices = new ArrayList<>();
        private long mark;

        void add(Slice slice, long mark) {
            slices.add(slice);
            this.mark = 31 * this.mark + mark;
        }

        void clear() {
            slices.clear();
            mark = 0;
        }
    }

    private List<Item> together(Gathered gathered) {
        if (gathered.slices.isEmpty()) {
            return List.of();
        }
        Slice all = batch == 1 ? gathered.slices.get(0) : merged(gathered.slices);
        Item item = new Item.OfSlice(all, incremental ? parent.name() : null, gathered.mark);
        gathered.clear();
        return List.of(item);
    }

    private static Slice merged(List<Slice> slices) {
        Map<String, List<JsonNode>> values = new LinkedHashMap<>();
        slices.forEach(slice -> slice.values()
                .forEach((name, value) ->
                        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value)));
        return Slice.of(values);
    }

    @Override
    public String toString() {
        return "ParentStream[" + parent.name() + (batch == 1 ? "" : ", " + batch + " at a time")
                + (incremental ? ", incremental" : "") + "]";
    }
}
