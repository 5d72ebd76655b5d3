package dev.headrace.stream;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Extracted;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.TransportException;
import dev.headrace.json.Json;
import dev.headrace.pagination.PageElement;
import dev.headrace.pagination.PageToken;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import tools.jackson.databind.JsonNode;

/**
 * Reads one part of a slice, page after page, for one subscriber: what happens to it as steps.
 *
 * <p>A part may have to be read by several series of pages: its token may expire, it may meet the wall of a result window and be halved or
 * continued behind its last record. So the series is a loop, {@code repeat} over what is left to do, and its variables are fields.
 *
 * @param <T> the type of the stream's records
 */
final class PartReading<T> {

    private final StreamSettings<T> settings;
    private final Connector connector;
    private final JsonNode state;
    private final Instant now;
    private final Deque<SlicePart> todo = new ArrayDeque<>();

    private SlicePart part;
    private @Nullable String page;
    private @Nullable String after;
    private @Nullable String lastKey;
    private @Nullable Position high;
    private int pages;
    private int mostPages;
    private int restarts;
    private boolean withoutToken;
    private boolean over;
    // What has been emitted of this part, and what will come again though it was; where a result window may divide it.
    private final Map<Long, Optional<Position>> emitted = new HashMap<>();
    private final Map<Long, Optional<Position>> repeated = new HashMap<>();

    private PartReading(StreamSettings<T> settings, Connector connector, JsonNode state, Instant now, SlicePart part) {
        this.settings = settings;
        this.connector = connector;
        this.state = state;
        this.now = now;
        this.part = part;
        SliceProgress.Part resumed = part.resumed();
        if (resumed != null) {
            page = settings.pageTokensExpire ? null : resumed.page();
            after = resumed.after();
            lastKey = resumed.last();
            high = resumed.high();
            if (page == null && settings.seeks() && lastKey != null) {
                after = lastKey;
            }
        }
        todo.add(part);
    }

    static <T> Flux<Step<T>> of(
            StreamSettings<T> settings, Connector connector, JsonNode state, Instant now, SlicePart part) {
        Flux<Step<T>> steps = Flux.defer(() -> new PartReading<>(settings, connector, state, now, part).steps());
        return settings.sliceErrorsAsNotices
                ? steps.onErrorResume(PartReading::isOfSlice, failure -> Flux.just(new Step.Failed<>(part, failure)))
                : steps;
    }

    /** What this machine cannot do for one slice it cannot do for another, and what is not let out is not let out for any. */
    private static boolean isOfSlice(Throwable failure) {
        return failure instanceof HeadraceException known && known.kind() != FailureKind.LOCAL && !isHeldBack(known);
    }

    /** Not sent though the remote may be well: by a limit or a breaker of ours, or for want of credentials. */
    private static boolean isHeldBack(HeadraceException failure) {
        // Of retries that are used up the last attempt counts.
        Throwable last = failure.getCause() instanceof HttpException attempt ? attempt : failure;
        return last instanceof HttpException known && !known.requestSent() && !(known instanceof TransportException);
    }

    private Flux<Step<T>> steps() {
        return Flux.defer(this::series).repeat(() -> !todo.isEmpty());
    }

    /** One series of pages. */
    private Flux<Step<T>> series() {
        part = todo.element();
        pages = 0;
        over = false;
        Endpoint<Extracted<Object>> endpoint = endpoint();
        String from = page;
        if (from != null) {
            Request first = endpoint.pagination().first(endpoint.request());
            try {
                PageToken token = PageToken.of(from);
                token.request(first);
                endpoint = endpoint.from(token);
            } catch (IllegalArgumentException foreign) {
                return restarted(new HeadraceException(
                        FailureKind.CONFIGURATION,
                        "The state's page token does not belong to "
                                + endpoint.request().describe(),
                        foreign));
            }
        }
        return connector
                .elements(endpoint)
                .handle(this::step)
                .takeUntil(step -> over)
                .concatWith(Flux.defer(this::ended))
                .onErrorResume(HttpStatusException.class, this::refused);
    }

    private Flux<Step<T>> ended() {
        return over
                ? Flux.empty()
                : Flux.error(new IllegalStateException("Pages have ended without the last one having been seen"));
    }

    private void step(PageElement<Extracted<Object>> element, SynchronousSink<Step<T>> sink) {
        if (element instanceof PageElement.Item<Extracted<Object>> item) {
            read(item.value(), sink);
        } else if (element instanceof PageElement.End<Extracted<Object>> end) {
            pageRead(end, sink);
        }
    }

    private void read(Extracted<Object> record, SynchronousSink<Step<T>> sink) {
        Position position = position(record);
        RecordCursor cursor = settings.recordCursor();
        if (cursor != null
                && position != null
                && cursor.filtersHere()
                && !cursor.isWithin(position, part.from(), part.to())) {
            return;
        }
        advance(position, record);
        if (settings.resultWindow != null && settings.isKeyed()) {
            emitted.put(record.fingerprint(), Optional.ofNullable(position));
            if (repeated.containsKey(record.fingerprint())) {
                return;
            }
        }
        sink.next(new Step.Read<>(part, record, position));
    }

    private void advance(@Nullable Position position, Extracted<Object> record) {
        if (position != null) {
            high = Position.later(high, position);
        }
        if (settings.seeks()) {
            lastKey = record.texts().get(settings.placeOfKey());
        }
    }

    private @Nullable Position position(Extracted<Object> record) {
        RecordCursor cursor = settings.recordCursor();
        String text = cursor == null ? null : record.texts().get(StreamSettings.PLACE_OF_CURSOR);
        return cursor == null || text == null
                ? null
                : cursor.of(Json.tree(text)).orElse(null);
    }

    private void pageRead(PageElement.End<Extracted<Object>> end, SynchronousSink<Step<T>> sink) {
        pages++;
        if (pages > mostPages || after != null && !after.equals(lastKey)) {
            // Pages that have been read before are no progress, or a token that never works would be tried forever.
            restarts = 0;
        }
        mostPages = Math.max(mostPages, pages);
        if (end.last()) {
            finish();
            sink.next(new Step.PartRead<>(part, token(end)));
        } else if (settings.resultWindow != null
                && settings.resultWindow.isReachedBy(end.end().itemsInAll())) {
            sink.next(smaller(end.end().itemsInAll() + " records"));
        } else {
            String next = settings.pageTokensExpire
                    ? null
                    : end.next().map(PageToken::text).orElse(null);
            sink.next(new Step.PageRead<>(part, next, lastKey));
        }
    }

    private @Nullable Position token(PageElement.End<Extracted<Object>> end) {
        if (!(settings.cursor instanceof TokenCursor cursor)) {
            return null;
        }
        Optional<JsonNode> given = cursor.on(end.end(), withoutToken(settings.endpoint.request(), shownSlice()));
        if (given.isEmpty() && part.from() instanceof Position.Token before && !withoutToken) {
            // Nothing has changed, and nothing new is said.
            return before;
        }
        return new Position.Token(given.orElseThrow(() -> new HeadraceException(
                FailureKind.UNTRUSTED_DATA,
                "The last page of " + end.end().request().describe() + " has no '" + cursor.pointer()
                        + "', by which the next run would ask for changes",
                null)));
    }

    /** Ends the series and the part. */
    private void finish() {
        over = true;
        todo.remove();
        forgetSeries();
        settle();
    }

    /** What will not come again need not be remembered. */
    private void settle() {
        repeated.putAll(emitted);
        emitted.clear();
        SlicePart next = todo.peek();
        Position from = next == null ? null : next.from();
        if (next == null) {
            repeated.clear();
        } else if (from != null) {
            repeated.values()
                    .removeIf(position -> position.filter(from::isAfter).isPresent());
        }
    }

    private void forgetSeries() {
        mostPages = 0;
        page = null;
        after = null;
        lastKey = null;
        high = null;
    }

    /** A page was answered with an error: the token is too old, the wall is met, or it is just an error. */
    private Flux<Step<T>> refused(HttpStatusException failure) {
        boolean behindFirst = pages > 0 || page != null;
        if (settings.cursor instanceof TokenCursor cursor
                && !behindFirst
                && part.from() != null
                && !withoutToken
                && cursor.isForgottenBy(failure.status())) {
            withoutToken = true;
            return Flux.just(new Step.Resynced<>(part, failure));
        }
        if (behindFirst && settings.resultWindow != null && settings.resultWindow.isMeantBy(failure.status())) {
            return Flux.defer(() -> Flux.just(smaller("status " + failure.status())));
        }
        if (behindFirst && settings.expiredPages.isMeantBy(failure.status())) {
            return restarted(failure);
        }
        return Flux.error(failure);
    }

    private Flux<Step<T>> restarted(HeadraceException failure) {
        if (restarts >= settings.expiredPages.maxRestarts()) {
            return Flux.error(failure);
        }
        restarts++;
        page = null;
        if (settings.seeks() && lastKey != null) {
            after = lastKey;
        }
        return Flux.just(new Step.Restarted<>(part, after, failure));
    }

    /** The part is read on in smaller ones. */
    private Step<T> smaller(String wall) {
        over = true;
        RecordCursor cursor = Objects.requireNonNull(settings.recordCursor(), "a result window needs a cursor");
        Position reached = high;
        Position behind = reached == null ? null : cursor.behind(reached);
        if (cursor.isAscending() && behind != null && (part.from() == null || behind.isAfter(part.from()))) {
            if (part.to() != null && !part.to().isAfter(behind)) {
                // The API has gone on behind the end of the part, so all of it has been seen.
                finish();
                return new Step.PartRead<>(part, null);
            }
            SlicePart rest = SlicePart.of(part.slice(), behind, part.to());
            todo.remove();
            todo.addFirst(rest);
            forgetSeries();
            settle();
            return new Step.Narrowed<>(part, rest);
        }
        Position from = part.from();
        Position to = part.to() != null ? part.to() : reached == null ? null : cursor.end(reached, now);
        Optional<Position> middle =
                from == null || to == null || cursor.isAscending() ? Optional.empty() : cursor.middle(from, to);
        Position half = middle.orElseThrow(() -> new HeadraceException(
                FailureKind.UNTRUSTED_DATA,
                "Stream '" + settings.name + "', " + part.slice().slice() + ", cannot be read whole: behind " + wall
                        + " the remote shows no more, and the part from " + shown(from) + " to " + shown(part.to())
                        + " cannot be divided; give the cursor startingAt(…) and a finer value, or the stream more slices",
                null));
        todo.remove();
        todo.addFirst(SlicePart.of(part.slice(), half, part.to()));
        todo.addFirst(SlicePart.of(part.slice(), from, half));
        forgetSeries();
        settle();
        return new Step.Halved<>(part, half);
    }

    private static String shown(@Nullable Position position) {
        return position == null ? "the end" : position.json().toString();
    }

    private Endpoint<Extracted<Object>> endpoint() {
        Slice slice = shownSlice();
        Endpoint<Object> endpoint = settings.endpoint
                .request(request -> bound(request, slice))
                .eachPage((request, number) -> settings.request == null
                        ? request
                        : settings.request.apply(request, new PageContext(slice, state, number, settings.config)));
        if (settings.cursor instanceof TokenCursor cursor) {
            endpoint = endpoint.paginate(endpoint.pagination().capturing(cursor.pointer()));
        }
        return endpoint.extracting(settings.places());
    }

    /** The slice, with the bounds of its window under the names they have there. */
    private Slice shownSlice() {
        Slice slice = part.slice().slice();
        Window window = window();
        TimeWindows windows = settings.windows;
        if (windows == null || window == null || !(settings.cursor instanceof DatetimeCursor cursor)) {
            return slice;
        }
        String start = windows.startName();
        String end = windows.endName();
        return start == null || end == null
                ? slice
                : slice.with(start, cursor.format().write(window.from()))
                        .with(end, cursor.format().write(windows.shownEnd(window)));
    }

    private @Nullable Window window() {
        return part.from() instanceof Position.Time from && part.to() instanceof Position.Time to
                ? new Window(from.instant(), to.instant())
                : null;
    }

    private Request bound(Request request, Slice slice) {
        Request bound = withoutToken(request, slice);
        if (settings.cursor instanceof TokenCursor tokens
                && part.from() instanceof Position.Token token
                && !withoutToken) {
            bound = tokens.put(bound, token.json());
            checkOrigin(bound);
        }
        return bound;
    }

    /** A link that was kept is followed where next links are. */
    private void checkOrigin(Request request) {
        Request absolute = request.against(connector.settings().baseUrl());
        if (!connector.settings().origins().follows(connector.settings().baseUrl(), absolute.uri())) {
            throw new HeadraceException(
                    FailureKind.UNTRUSTED_DATA,
                    "The state of stream '" + settings.name + "' leads to another origin, " + absolute.describe()
                            + "; if that is right, allow it in the connector's OriginPolicy",
                    null);
        }
    }

    private Request withoutToken(Request request, Slice slice) {
        Request bound = request;
        Set<String> variables = request.variableNames();
        for (Map.Entry<String, JsonNode> value : slice.values().entrySet()) {
            String name = value.getKey();
            if (variables.contains(name)) {
                bound = bound.with(name, Slice.plain(value.getValue()));
            }
            if (settings.placements.containsKey(name)) {
                bound = Objects.requireNonNull(settings.placements.get(name))
                        .put(bound, Json.writeText(value.getValue()));
            }
        }
        RecordCursor cursor = settings.recordCursor();
        if (cursor != null) {
            bound = cursor.put(bound, part.from(), shownEnd());
        }
        String key = after;
        return key == null || settings.expiredPages.placement() == null
                ? bound
                : settings.expiredPages.placement().put(bound, key);
    }

    private @Nullable Position shownEnd() {
        Window window = window();
        return window == null || settings.windows == null
                ? part.to()
                : new Position.Time(settings.windows.shownEnd(window));
    }
}
