package dev.headrace.stream;

import dev.headrace.http.Request;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What reading asks of a cursor whose values are in the records. */
abstract sealed class RecordCursor permits DatetimeCursor, IncrementingCursor {

    final String pointer;
    final RequestBounds bounds;

    RecordCursor(String pointer, RequestBounds bounds) {
        this.pointer = pointer;
        this.bounds = bounds;
    }

    /**
     * Where in each record the value is.
     *
     * @return a JSON Pointer
     */
    public String pointer() {
        return pointer;
    }

    /** Where a slice without a state begins; null for the beginning. */
    @Nullable
    abstract Position start();

    /** The position that a record's value stands for. */
    abstract Optional<Position> of(JsonNode value);

    /** The position that a state names. */
    abstract Optional<Position> parse(JsonNode state);

    /** From where to read for nothing to be missed, if all up to a position has been read. */
    abstract Position lookedBack(Position position);

    /** From where to read on behind a record, in the same reading: no record of the same moment may be missed. */
    abstract Position behind(Position last);

    /** A position that is not ahead of its time. */
    abstract Position capped(Position position, Instant now);

    /** A position that was not seen in a record, for a remote whose clock may lie some way behind ours. */
    abstract Position allowingForSkew(Position position, Instant now);

    /** The middle of two positions, or none if there is none between them. */
    abstract Optional<Position> middle(Position from, Position to);

    /** The end of what there may be, of which the last seen lies there. */
    abstract Position end(Position reached, Instant now);

    /** Whether a record at this position belongs to a part that begins and ends there. */
    abstract boolean isWithin(Position position, @Nullable Position from, @Nullable Position to);

    /** A position as JSON text, as requests take it. */
    abstract String written(Position position);

    Request put(Request request, @Nullable Position from, @Nullable Position to) {
        return bounds.put(request, from == null ? null : written(from), to == null ? null : written(to));
    }

    /** Whether requests say where a part begins. */
    boolean asksFrom() {
        return bounds.from() != null;
    }

    /** Whether requests say where a part ends. */
    boolean asksUntil() {
        return bounds.until() != null;
    }

    boolean isAscending() {
        return bounds.ascending();
    }

    boolean filtersHere() {
        return bounds.clientSide();
    }
}
