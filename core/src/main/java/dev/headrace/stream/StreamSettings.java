package dev.headrace.stream;

import dev.headrace.Defaults;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Extracted;
import dev.headrace.decode.OnInvalid;
import dev.headrace.http.Request;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.pagination.Placement;
import dev.headrace.state.StateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * All that a {@link RecordStream} is made of. Filled once, by the stream it belongs to; never changed afterwards.
 *
 * @param <T> the type of the records
 */
final class StreamSettings<T> {

    static final int PLACE_OF_CURSOR = 0;

    private static final String REFUSED =
            "the credentials may not read it; ask for the permission, or leave the stream out";

    /** A store and the key under which it keeps the stream's state. */
    record Resumption(StateStore store, String key) {}

    final String name;
    final Endpoint<Object> endpoint;
    /** From what the endpoint decodes, and the slice it is of, to the stream's records; null for one that is left out. */
    final BiFunction<Extracted<Object>, Slice, @Nullable T> conversion;

    @Nullable
    String namespace;

    List<String> key = List.of();

    @Nullable
    BiFunction<? super Request, ? super PageContext, Request> request;

    JsonNode config = JsonNodeFactory.instance.objectNode();

    @Nullable
    Function<? super JsonNode, ? extends Publisher<Slice>> slices;

    List<ParentStream<?>> parents = List.of();
    Map<String, Placement> placements = Map.of();

    @Nullable
    Cursor cursor;

    @Nullable
    TimeWindows windows;

    int concurrency = Defaults.SLICE_CONCURRENCY;
    int maxSliceStates = Defaults.SLICE_STATES;
    ExpiredPages expiredPages = ExpiredPages.restartSlice();
    boolean pageTokensExpire;

    @Nullable
    ResultWindow resultWindow;

    @Nullable
    Mono<JsonSchema> schema;

    OnInvalid onInvalid = OnInvalid.WARN;
    boolean sliceErrorsAsNotices;
    int checkpointRecords;
    Duration checkpointInterval = Duration.ZERO;
    Map<Integer, String> unavailable = Map.of(403, REFUSED);

    @Nullable
    Resumption resumption;

    @Nullable
    RecordCache<T> cache;

    InstantSource clock = InstantSource.system();

    StreamSettings(
            String name, Endpoint<Object> endpoint, BiFunction<Extracted<Object>, Slice, @Nullable T> conversion) {
        this.name = name;
        this.endpoint = endpoint;
        this.conversion = conversion;
    }

    /** A copy, to be changed before anybody else sees it. */
    StreamSettings<T> copy() {
        StreamSettings<T> copy = converted(conversion);
        copy.cache = cache;
        return copy;
    }

    /** A copy for records of another type; without the cache, which holds those of this one. */
    <R> StreamSettings<R> converted(BiFunction<Extracted<Object>, Slice, @Nullable R> conversion) {
        StreamSettings<R> copy = new StreamSettings<>(name, endpoint, conversion);
        copy.namespace = namespace;
        copy.key = key;
        copy.request = request;
        copy.config = config;
        copy.slices = slices;
        copy.parents = parents;
        copy.placements = placements;
        copy.cursor = cursor;
        copy.windows = windows;
        copy.concurrency = concurrency;
        copy.maxSliceStates = maxSliceStates;
        copy.expiredPages = expiredPages;
        copy.pageTokensExpire = pageTokensExpire;
        copy.resultWindow = resultWindow;
        copy.schema = schema;
        copy.onInvalid = onInvalid;
        copy.sliceErrorsAsNotices = sliceErrorsAsNotices;
        copy.checkpointRecords = checkpointRecords;
        copy.checkpointInterval = checkpointInterval;
        copy.unavailable = unavailable;
        copy.resumption = resumption;
        copy.clock = clock;
        return copy;
    }

    @Nullable
    RecordCursor recordCursor() {
        return cursor instanceof RecordCursor inRecords ? inRecords : null;
    }

    boolean isKeyed() {
        return !key.isEmpty();
    }

    /** Whether reading can go on behind a record's key. */
    boolean seeks() {
        return expiredPages.pointer() != null;
    }

    /** What is looked up in each record, besides its value: for the cursor, the key to seek after, and the schema. */
    List<Pointer> places() {
        List<Pointer> places = new ArrayList<>();
        RecordCursor ordered = recordCursor();
        if (ordered != null) {
            places.add(Pointer.of(ordered.pointer()));
        }
        String seek = expiredPages.pointer();
        if (seek != null) {
            places.add(Pointer.of(seek));
        }
        if (schema != null) {
            places.add(Pointer.ROOT);
        }
        return places;
    }

    int placeOfKey() {
        return recordCursor() == null ? 0 : 1;
    }

    int placeOfRecord() {
        return placeOfKey() + (seeks() ? 1 : 0);
    }

    StreamState.Format stateFormat() {
        return new StreamState.Format(name, cursor);
    }

    /** By its own cursor, or by parents of which only those are read that have changed. */
    SyncMode syncMode() {
        return cursor == null && parents.stream().noneMatch(ParentStream::isIncremental)
                ? SyncMode.FULL_REFRESH
                : SyncMode.INCREMENTAL;
    }

    /** Fails if settings that each are right do not go together. */
    void check() {
        if (windows != null && (!(cursor instanceof DatetimeCursor) || ((DatetimeCursor) cursor).start() == null)) {
            throw new IllegalArgumentException(
                    "Stream '" + name
                            + "' has windows, which need a cursor of times that says where to begin: Cursor.datetime(…).startingAt(…)");
        }
        if (cache != null && syncMode() == SyncMode.INCREMENTAL) {
            throw new IllegalArgumentException("Stream '" + name
                    + "' is read incrementally, and cannot be cached; say fullRefresh() before cached(…)");
        }
        if (cursor != null && parents.stream().anyMatch(parent -> parent.isBatched() && parent.isIncremental())) {
            throw new IllegalArgumentException(
                    "Stream '" + name + "' is read incrementally in batches of an incremental"
                            + " parent, which are others each time; leave out one of the three");
        }
        if (resultWindow != null && recordCursor() == null) {
            throw new IllegalArgumentException("Stream '" + name
                    + "' has a result window, which needs a cursor in the records to divide slices by");
        }
        RecordCursor ordered = recordCursor();
        boolean named = windows != null && windows.startName() != null;
        if (windows != null && ordered != null && !named && !ordered.filtersHere() && !asksBetween(ordered)) {
            throw new IllegalArgumentException("Stream '" + name
                    + "' has windows, but no request says where one begins and ends; say it by the cursor's into(…) and until(…),"
                    + " or by the windows' as(…)");
        }
        if (resultWindow != null
                && ordered != null
                && !named
                && !(ordered.isAscending() ? ordered.asksFrom() : asksBetween(ordered))) {
            throw new IllegalArgumentException("Stream '" + name
                    + "' has a result window, but no request can ask for a part of a slice; say where one"
                    + " begins by the cursor's into(…), and unless records are ascending() where it ends by until(…)");
        }
    }

    private static boolean asksBetween(RecordCursor cursor) {
        return cursor.asksFrom() && cursor.asksUntil();
    }
}
