package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.pagination.Placement;
import dev.headrace.spec.PaginationFormat.Place;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.DatetimeCursor;
import dev.headrace.stream.IncrementingCursor;
import dev.headrace.stream.TimeFormat;
import dev.headrace.stream.TokenCursor;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a stream is read incrementally by. Where it begins may be said by the config, so it is made when that is known.
 *
 * @param cursor the cursor but for its beginning
 * @param token whether it is a token to be sent, and not a link
 * @param placed whether it was said where its value goes, which a token needs
 * @param startingAt where it begins
 * @param variables variables of the path that it gives their values
 * @param epoch how times are numbers; null if they are none
 */
record CursorForm(
        Cursor cursor,
        boolean token,
        boolean placed,
        @Nullable Template startingAt,
        Set<String> variables,
        @Nullable TimeFormat epoch) {

    static CursorForm of(Cursor cursor) {
        return new CursorForm(cursor, false, false, null, Set.of(), null);
    }

    /** A token; nothing of it is used before it is said where it goes. */
    static CursorForm token(String pointer) {
        return new CursorForm(Cursor.token(pointer, Placement.query("token")), true, false, null, Set.of(), null);
    }

    CursorForm startingAt(Template start) {
        if (!(cursor instanceof DatetimeCursor) && !(cursor instanceof IncrementingCursor)) {
            throw notFor("starting_at");
        }
        JsonNode constant = start.constant();
        if (constant != null && begun(constant).isEmpty()) {
            throw new IllegalArgumentException(
                    cursor instanceof DatetimeCursor
                            ? "expected a time of ISO 8601 such as 2024-01-01T00:00:00Z, a date or an expression"
                            : "expected a whole number or an expression");
        }
        return with(cursor, placed, start);
    }

    CursorForm format(TimeFormat format) {
        CursorForm form = datetime("format", times -> times.format(format));
        boolean isNumber = format.write(Instant.EPOCH).isNumber();
        return new CursorForm(form.cursor, token, placed, startingAt, variables, isNumber ? format : null);
    }

    CursorForm datetime(String key, UnaryOperator<DatetimeCursor> change) {
        if (!(cursor instanceof DatetimeCursor times)) {
            throw notFor(key);
        }
        return with(change.apply(times), placed, startingAt);
    }

    CursorForm inRecords(
            String key, UnaryOperator<DatetimeCursor> ofTimes, UnaryOperator<IncrementingCursor> ofNumbers) {
        return cursor instanceof IncrementingCursor numbers
                ? with(ofNumbers.apply(numbers), placed, startingAt)
                : datetime(key, ofTimes);
    }

    /** Says where the position goes. */
    CursorForm into(Place place) {
        return into(place.placement()).giving(place);
    }

    /** Says where the end of a window goes. */
    CursorForm until(Place place) {
        return inRecords("until", times -> times.until(place.placement()), numbers -> numbers.until(place.placement()))
                .giving(place);
    }

    private CursorForm giving(Place place) {
        if (place.variable() == null) {
            return this;
        }
        Set<String> more = new LinkedHashSet<>(variables);
        more.add(place.variable());
        return new CursorForm(cursor, token, placed, startingAt, more, epoch);
    }

    private CursorForm into(Placement placement) {
        if (!token) {
            CursorForm form = inRecords("into", times -> times.into(placement), numbers -> numbers.into(placement));
            return with(form.cursor, true, startingAt);
        }
        return with(Cursor.token(cursor.pointer(), placement), true, startingAt);
    }

    /** Whether it is a token, which has to be sent somewhere; a link is sent as it is. */
    boolean needsPlace() {
        return token;
    }

    CursorForm forgottenBy(Integer... statuses) {
        if (!(cursor instanceof TokenCursor known)) {
            throw notFor("forgotten_by");
        }
        return with(known.forgottenBy(statuses), placed, startingAt);
    }

    private CursorForm with(Cursor cursor, boolean placed, @Nullable Template startingAt) {
        return new CursorForm(cursor, token, placed, startingAt, variables, epoch);
    }

    private IllegalArgumentException notFor(String key) {
        String kind = cursor instanceof DatetimeCursor
                ? "a datetime cursor"
                : cursor instanceof IncrementingCursor ? "an incrementing cursor" : "a token or a delta link";
        return new IllegalArgumentException(key + " is not for " + kind);
    }

    /** The cursor for a config. */
    Cursor in(Scope scope) {
        if (startingAt == null) {
            return cursor;
        }
        JsonNode start = startingAt.value(scope);
        if (ExpressionFunction.isNothing(start)) {
            return cursor;
        }
        return begun(start)
                .orElseThrow(() -> new HeadraceException(
                        FailureKind.CONFIGURATION,
                        startingAt.place().described() + " is nothing that the cursor could begin at; give a "
                                + (cursor instanceof DatetimeCursor ? "time of ISO 8601" : "whole number"),
                        null));
    }

    /** A cursor to try the rest of the stream with, before any config is known. */
    Cursor tried() {
        return startingAt == null
                ? cursor
                : cursor instanceof DatetimeCursor times
                        ? times.startingAt(Instant.EPOCH)
                        : cursor instanceof IncrementingCursor numbers ? numbers.startingAt(0) : cursor;
    }

    private Optional<Cursor> begun(JsonNode start) {
        if (cursor instanceof DatetimeCursor times) {
            return TimeFormat.iso()
                    .read(start)
                    .or(() -> Optional.ofNullable(epoch).flatMap(numbers -> numbers.read(start)))
                    .map(times::startingAt);
        }
        boolean whole = ExpressionFunction.written(start).matches("-?\\d{1,18}");
        return whole && cursor instanceof IncrementingCursor numbers
                ? Optional.of(numbers.startingAt(Long.parseLong(ExpressionFunction.written(start))))
                : Optional.empty();
    }
}
