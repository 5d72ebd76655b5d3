package dev.headrace.stream;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Extracted;
import dev.headrace.decode.OnInvalid;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.pagination.Placement;
import dev.headrace.state.StateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint that is read whole or incrementally: in slices, from where the last run stopped, with checkpoints on the way. Immutable; every
 * change gives a new value, and reading is what {@link #read} and {@link #records} do.
 *
 * <pre>{@code
 * RecordStream<Issue> all = RecordStream.of("issues", issues.query("state", "all").query("sort", "updated"))
 *         .key("/number")
 *         .slices(github.records(repositories).map(repo -> Slice.of("owner", repo.owner()).with("repo", repo.name())))
 *         .cursor(Cursor.datetime("/updated_at").startingAt(Instant.parse("2024-01-01T00:00:00Z")).intoQuery("since"));
 *
 * all.resumeFrom(store, "issues").read(github)
 *         .concatMap(message -> handle(message).thenReturn(message), 1)
 *         .transform(Checkpoints.committing(store, "issues"));
 * }</pre>
 *
 * <p>Records come at least once. A run that was cut off goes on where its last saved checkpoint says: for each slice that was under way, at
 * most the page that was being read comes again. A run that was finished is followed by one that reads what is new, if there is a
 * {@link Cursor}, and by one that reads everything, if there is none.
 *
 * @param <T> the type of the records
 */
public final class RecordStream<T> implements MessageStream<T> {

    private final StreamSettings<T> settings;

    private RecordStream(StreamSettings<T> settings) {
        settings.check();
        this.settings = settings;
    }

    private RecordStream<T> with(Consumer<StreamSettings<T>> change) {
        StreamSettings<T> copy = settings.copy();
        change.accept(copy);
        return new RecordStream<>(copy);
    }

    /**
     * A stream of all records of an endpoint: one slice, no cursor.
     *
     * @param name the stream's name, such as {@code issues}; part of its state
     * @param endpoint request, pagination, decoder
     * @param <T> the type of the records
     * @return the stream
     * @throws IllegalArgumentException if the name is empty
     */
    @SuppressWarnings("unchecked") // what comes out of the endpoint goes into the conversion and nowhere else
    public static <T> RecordStream<T> of(String name, Endpoint<T> endpoint) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("The name of a stream must not be empty");
        }
        return new RecordStream<>(
                new StreamSettings<>(name, (Endpoint<Object>) endpoint, (record, slice) -> (T) record.value()));
    }

    /**
     * Says what the stream's name belongs to, for those who keep streams of several.
     *
     * @param namespace such as the name of a database
     * @return a new stream
     */
    public RecordStream<T> namespace(String namespace) {
        return with(settings -> settings.namespace = Objects.requireNonNull(namespace, "namespace"));
    }

    /**
     * Says what identifies a record. With it, records that come again are left out if they have not changed since: those that a cursor's
     * lookback reads again, and those of a slice that is restarted or divided, as far as the last 1,000 of a slice.
     *
     * @param pointers JSON Pointers (RFC 6901) into a record; several for a composite key
     * @return a new stream
     * @throws IllegalArgumentException if one is no JSON pointer
     */
    public RecordStream<T> key(String... pointers) {
        List<String> key = List.of(pointers);
        key.forEach(Pointer::of);
        return with(settings -> settings.key = key);
    }

    /**
     * Changes the request of every page, by slice, state, page and configuration. It is applied to each page's request as the endpoint and its
     * pagination have made it, never to one that it has changed already.
     *
     * @param change must not block; called once for each page that is requested
     * @return a new stream
     */
    public RecordStream<T> request(BiFunction<? super Request, ? super PageContext, Request> change) {
        return with(settings -> settings.request = Objects.requireNonNull(change, "change"));
    }

    /**
     * Sets what hooks see as {@link PageContext#config()}. Parents that have no configuration of their own see it, too.
     *
     * @param config a tree; not changed any more
     * @return a new stream
     */
    public RecordStream<T> config(JsonNode config) {
        return with(settings -> settings.config = Objects.requireNonNull(config, "config"));
    }

    /**
     * Reads the stream in slices. They are asked for as they are needed; one that comes twice is read once.
     *
     * @param slices each subscription may give others
     * @return a new stream, without parents
     */
    public RecordStream<T> slices(Publisher<Slice> slices) {
        Objects.requireNonNull(slices, "slices");
        return slicesFrom(state -> slices);
    }

    /**
     * Reads the stream in slices from a list.
     *
     * @param slices at least one
     * @return a new stream, without parents
     * @throws IllegalArgumentException if there is none
     */
    public RecordStream<T> slices(List<Slice> slices) {
        if (slices.isEmpty()) {
            throw new IllegalArgumentException("slices must not be empty, or there would be nothing to read");
        }
        return slices(Flux.fromIterable(List.copyOf(slices)));
    }

    /**
     * Reads the stream in slices that depend on the state.
     *
     * @param slices from the state that reading begins with, an empty object at first, to the slices
     * @return a new stream, without parents
     */
    public RecordStream<T> slicesFrom(Function<? super JsonNode, ? extends Publisher<Slice>> slices) {
        Objects.requireNonNull(slices, "slices");
        return with(settings -> {
            settings.slices = slices;
            settings.parents = List.of();
        });
    }

    /**
     * Reads the stream in slices made from records of other streams: a substream.
     *
     * @param parents at least one; of several, all slices are read
     * @return a new stream, without other slices
     * @throws IllegalArgumentException if there is none, or two of the incremental ones have the same name
     */
    public RecordStream<T> parent(ParentStream<?>... parents) {
        if (parents.length == 0) {
            throw new IllegalArgumentException("parent needs at least one stream");
        }
        List<ParentStream<?>> all = List.of(parents);
        if (all.stream().map(ParentStream::name).distinct().count() < all.size()) {
            throw new IllegalArgumentException("parents must have different names, but are "
                    + all.stream().map(ParentStream::name).toList());
        }
        return with(settings -> {
            settings.parents = all;
            settings.slices = null;
        });
    }

    /**
     * Says where in the first request a value of the slice goes that is no variable of its templates.
     *
     * @param value the value's name
     * @param placement where it goes
     * @return a new stream
     */
    public RecordStream<T> place(String value, Placement placement) {
        Objects.requireNonNull(placement, "placement");
        return with(settings -> {
            Map<String, Placement> placements = new LinkedHashMap<>(settings.placements);
            placements.put(value, placement);
            settings.placements = placements;
        });
    }

    /**
     * Reads the stream incrementally.
     *
     * @param cursor by what
     * @return a new stream
     */
    public RecordStream<T> cursor(Cursor cursor) {
        return with(settings -> settings.cursor = Objects.requireNonNull(cursor, "cursor"));
    }

    /**
     * Reads the stream whole each time, though it may have had a cursor, and its parents too.
     *
     * @return a new stream without cursor and windows, whose parents are not read incrementally
     */
    public RecordStream<T> fullRefresh() {
        return with(settings -> {
            settings.cursor = null;
            settings.windows = null;
            settings.resultWindow = null;
            settings.parents = settings.parents.stream()
                    .<ParentStream<?>>map(ParentStream::whole)
                    .toList();
        });
    }

    /**
     * Reads each slice in windows of time, from the cursor's position to now. To be said after the cursor.
     *
     * @param windows how long they are
     * @return a new stream
     * @throws IllegalArgumentException if the cursor is no time, or does not say where to begin
     */
    public RecordStream<T> windows(TimeWindows windows) {
        return with(settings -> settings.windows = Objects.requireNonNull(windows, "windows"));
    }

    /**
     * Reads so many slices, or windows of slices, side by side. The connector's limits hold for all of them together.
     *
     * @param slices default 1: one after the other, in their order
     * @return a new stream
     * @throws IllegalArgumentException if it is less than 1
     */
    public RecordStream<T> concurrency(int slices) {
        return with(settings -> settings.concurrency = positive("concurrency", slices));
    }

    /**
     * Sets for how many slices the state keeps a position each. With more, the run ends with one cursor for all of them, told by a notice, and
     * slices that are new later begin there too. Such a cursor is the latest position of all, at most the time when the run began; for
     * numbers, the lowest of all. Within a run, of slices that are done no more than these are in a checkpoint; if it is cut off, the others
     * are read again.
     *
     * @param slices default 10,000
     * @return a new stream
     * @throws IllegalArgumentException if it is less than 1
     */
    public RecordStream<T> maxSliceStates(int slices) {
        return with(settings -> settings.maxSliceStates = positive("maxSliceStates", slices));
    }

    /**
     * Sets what becomes of a slice when the token of a page has become too old.
     *
     * @param expiredPages default {@link ExpiredPages#restartSlice()}
     * @return a new stream
     */
    public RecordStream<T> expiredPages(ExpiredPages expiredPages) {
        return with(settings -> settings.expiredPages = Objects.requireNonNull(expiredPages, "expiredPages"));
    }

    /**
     * Says that tokens of pages are of no use to a later run, so that checkpoints do not carry them: a slice that was cut off begins again, or
     * with an ascending cursor at the last record.
     *
     * @return a new stream
     */
    public RecordStream<T> pageTokensExpire() {
        return with(settings -> settings.pageTokensExpire = true);
    }

    /**
     * Says behind how many records of one query the remote shows no more. To be said after the cursor.
     *
     * @param resultWindow the wall
     * @return a new stream
     * @throws IllegalArgumentException if there is no cursor in the records
     */
    public RecordStream<T> resultWindow(ResultWindow resultWindow) {
        return with(settings -> settings.resultWindow = Objects.requireNonNull(resultWindow, "resultWindow"));
    }

    /**
     * Says what records look like. Those that do not fit, and properties that the schema does not name, give notices.
     *
     * @param schema needs {@code com.networknt:json-schema-validator}
     * @return a new stream
     */
    public RecordStream<T> schema(JsonSchema schema) {
        return schema(Mono.just(schema));
    }

    /**
     * Says what records look like, by a schema that has to be asked for.
     *
     * @param schema subscribed to once for each reading and each description; {@code cache()} it to ask once. One that completes empty is an
     *     error of the reading
     * @return a new stream
     */
    public RecordStream<T> schema(Mono<JsonSchema> schema) {
        Mono<JsonSchema> present = schema.switchIfEmpty(Mono.error(() -> new HeadraceException(
                FailureKind.CONFIGURATION,
                "Stream '" + settings.name + "' was given no schema: the Mono completed without one",
                null)));
        return with(settings -> settings.schema = present);
    }

    /**
     * Says what records look like by {@code /schemas/NAME.json} on the class path, NAME being that of the stream; read now.
     *
     * @return a new stream
     * @throws IllegalArgumentException if there is no such resource, or it is no schema
     */
    public RecordStream<T> schemaFromResource() {
        return schema(JsonSchema.resource("/schemas/" + settings.name + ".json"));
    }

    /**
     * Sets what becomes of records that do not fit the schema.
     *
     * @param onInvalid default {@link OnInvalid#WARN}: emitted, with a notice; DROP leaves them out, with a notice; FAIL ends the stream
     * @return a new stream
     */
    public RecordStream<T> onInvalid(OnInvalid onInvalid) {
        return with(settings -> settings.onInvalid = Objects.requireNonNull(onInvalid, "onInvalid"));
    }

    /**
     * Goes on with other slices when one fails. The failure is a notice, the slice is read again by the next run.
     *
     * <p>What no slice is at fault for ends the stream all the same: a failure of this machine, and a request that was not sent because of a
     * rate limit, a circuit breaker or a bulkhead of the connector's own, or for want of credentials. So give a rate limit time to wait:
     * {@code RateLimitPolicy.maxWait(…)}.
     *
     * @return a new stream
     */
    public RecordStream<T> sliceErrorsAsNotices() {
        return with(settings -> settings.sliceErrorsAsNotices = true);
    }

    /**
     * Emits checkpoints less often than after every page: at the first end of a page when so many records have been read since the last,
     * those that are left out included. With an interval as well, both must be reached.
     *
     * @param records default 0: after every page
     * @return a new stream
     * @throws IllegalArgumentException if it is negative
     */
    public RecordStream<T> checkpointEvery(int records) {
        if (records < 0) {
            throw new IllegalArgumentException("checkpointEvery must not be negative, but is " + records);
        }
        return with(settings -> settings.checkpointRecords = records);
    }

    /**
     * Emits checkpoints less often than after every page: at the first end of a page when so much time has passed since the last.
     *
     * @param interval default zero: after every page
     * @return a new stream
     * @throws IllegalArgumentException if it is negative
     */
    public RecordStream<T> checkpointEvery(Duration interval) {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("checkpointEvery must not be negative, but is " + interval);
        }
        return with(settings -> settings.checkpointInterval = interval);
    }

    /**
     * Says what it means for {@link #check} if the remote answers with some statuses.
     *
     * @param reasons words by status, added to the default, which has one for 403
     * @return a new stream
     */
    public RecordStream<T> unavailableReasons(Map<Integer, String> reasons) {
        return with(settings -> {
            Map<Integer, String> all = new LinkedHashMap<>(settings.unavailable);
            all.putAll(reasons);
            settings.unavailable = all;
        });
    }

    /**
     * Begins each reading that is given no state with the one that a store has.
     *
     * @param store where checkpoints are saved, by {@link dev.headrace.state.Checkpoints#committing}
     * @param key the key they are saved under
     * @return a new stream
     */
    public RecordStream<T> resumeFrom(StateStore store, String key) {
        StreamSettings.Resumption resumption = new StreamSettings.Resumption(
                Objects.requireNonNull(store, "store"), Objects.requireNonNull(key, "key"));
        return with(settings -> settings.resumption = resumption);
    }

    /**
     * Keeps the records of the first whole reading, so that others of this stream, as a parent say, need not ask the remote. Only readings
     * that begin anew use it.
     *
     * @param cache where they are kept
     * @return a new stream
     * @throws IllegalArgumentException if the stream is read incrementally
     */
    public RecordStream<T> cached(RecordCache<T> cache) {
        return with(settings -> settings.cache = Objects.requireNonNull(cache, "cache"));
    }

    /**
     * Gives each record another form. Key, cursor and schema look at it as the remote sent it.
     *
     * @param mapper must not block or return null
     * @param <R> the type of the new records
     * @return a new stream, without cache
     */
    public <R> RecordStream<R> map(Function<? super T, ? extends R> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        return mapWithSlice((record, slice) -> mapper.apply(record));
    }

    /**
     * Gives each record another form, in which there may be values of the slice that it is of: the id of a parent in each of its children,
     * say. Key, cursor and schema look at it as the remote sent it.
     *
     * @param mapper of a record and its slice, which is {@link Slice#EMPTY} where there are no slices and never has the bounds of a window;
     *     must not block or return null
     * @param <R> the type of the new records
     * @return a new stream, without cache
     */
    public <R> RecordStream<R> mapWithSlice(BiFunction<? super T, ? super Slice, ? extends R> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        BiFunction<Extracted<Object>, Slice, @Nullable T> before = settings.conversion;
        return new RecordStream<>(settings.<R>converted((record, slice) -> {
            T converted = before.apply(record, slice);
            return converted == null ? null : Objects.requireNonNull(mapper.apply(converted, slice), "mapped record");
        }));
    }

    /**
     * Leaves out records.
     *
     * @param predicate true for those to keep; must not block
     * @return a new stream, without cache
     */
    public RecordStream<T> filter(Predicate<? super T> predicate) {
        BiFunction<Extracted<Object>, Slice, @Nullable T> before = settings.conversion;
        return new RecordStream<>(settings.<T>converted((record, slice) -> {
            T converted = before.apply(record, slice);
            return converted == null || !predicate.test(converted) ? null : converted;
        }));
    }

    /**
     * Sets what tells the time up to which is read.
     *
     * @param clock default the system's
     * @return a new stream
     */
    public RecordStream<T> clock(InstantSource clock) {
        return with(settings -> settings.clock = Objects.requireNonNull(clock, "clock"));
    }

    /** The same with a configuration, if it has none. */
    RecordStream<T> orWith(JsonNode config) {
        return settings.config.isEmpty() ? config(config) : this;
    }

    /** The same with a mark for each record, which is another one once the record has changed. Without the cache. */
    RecordStream<Marked<T>> marked() {
        BiFunction<Extracted<Object>, Slice, @Nullable T> before = settings.conversion;
        return new RecordStream<>(settings.<Marked<T>>converted((record, slice) -> {
            T converted = before.apply(record, slice);
            return converted == null ? null : new Marked<>(converted, record.fingerprint());
        }));
    }

    record Marked<T>(T record, long mark) {}

    boolean hasCursor() {
        return settings.cursor != null;
    }

    /** Reads from a state or anew, whatever the stream's own store has. */
    Flux<Message<T>> readFrom(@Nullable JsonNode state, Connector connector) {
        return StreamRun.messages(settings, connector, state);
    }

    @Override
    public String name() {
        return settings.name;
    }

    /**
     * How the stream is read.
     *
     * @return incrementally if it has a cursor, or a parent that is read incrementally
     */
    public SyncMode syncMode() {
        return settings.syncMode();
    }

    @Override
    public Mono<StreamDescription> describe() {
        return settings.schema == null
                ? Mono.fromSupplier(() -> described(Optional.empty()))
                : settings.schema.map(schema -> described(Optional.of(schema)));
    }

    private StreamDescription described(Optional<JsonSchema> schema) {
        RecordCursor cursor = settings.recordCursor();
        return new StreamDescription(
                settings.name,
                Optional.ofNullable(settings.namespace),
                settings.key,
                Optional.ofNullable(cursor).map(RecordCursor::pointer),
                settings.syncMode() == SyncMode.FULL_REFRESH
                        ? Set.of(SyncMode.FULL_REFRESH)
                        : Set.of(SyncMode.FULL_REFRESH, SyncMode.INCREMENTAL),
                schema);
    }

    /**
     * Reads the stream from where the {@linkplain #resumeFrom store} says, or anew.
     *
     * @param connector the remote
     * @return as {@link #read(Connector, JsonNode)}
     */
    public Flux<Message<T>> read(Connector connector) {
        return read(connector, null);
    }

    /**
     * Reads the stream.
     *
     * <p>Nothing is sent before the first message is asked for. With a concurrency of 1 a page is requested when a message is asked for that
     * only it can give; with more, each slice under way is one record ahead. Messages come one after the other, on the threads on which
     * pages are read. Cancelling closes what is under way, and the last checkpoint that was emitted stays good.
     *
     * <p>The stream completes only when all slices have been read to their ends, and its last message is a checkpoint. It errors with what
     * {@link Connector#records} errors with, unless settings make that a notice; with a {@link dev.headrace.error.HeadraceException} of kind
     * CONFIGURATION if the state is not one of this stream; and with a {@link dev.headrace.json.SchemaViolationException} by
     * {@link OnInvalid#FAIL}.
     *
     * @param connector the remote
     * @param state what a checkpoint carried; null to begin where {@link #resumeFrom} says, or anew
     * @return records, checkpoints and notices
     */
    @Override
    public Flux<Message<T>> read(Connector connector, @Nullable JsonNode state) {
        StreamSettings.Resumption resumption = settings.resumption;
        if (state != null || resumption == null) {
            return StreamRun.messages(settings, connector, state);
        }
        return Mono.defer(() -> resumption.store().load(resumption.key()))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flux()
                .concatMap(saved -> StreamRun.messages(settings, connector, saved.orElse(null)), 0);
    }

    /**
     * Reads the records alone, without checkpoints and notices.
     *
     * @param connector the remote
     * @return as {@link #read(Connector)}
     */
    public Flux<T> records(Connector connector) {
        return read(connector).handle((message, sink) -> {
            if (message instanceof StreamRecord<T> record) {
                sink.next(record.data());
            }
        });
    }

    /**
     * Reads the first record of the first slice, by one request if the remote gives that, to see whether the stream can be read.
     *
     * @param connector the remote
     * @return whether it can be read. A stream without records is available, one without slices is not; a status for which there is a
     *     {@linkplain #unavailableReasons reason} makes it unavailable. Errors with what reading errors with otherwise
     */
    @Override
    public Mono<Availability> check(Connector connector) {
        return StreamRun.availability(settings, connector);
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        return "RecordStream[" + settings.name + ", " + settings.endpoint
                + (settings.cursor == null ? "" : ", " + settings.cursor) + "]";
    }
}
