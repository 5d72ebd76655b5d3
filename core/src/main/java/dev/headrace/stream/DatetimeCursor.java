package dev.headrace.stream;

import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import dev.headrace.pagination.Placement;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A cursor by a time in each record, made by {@link Cursor#datetime}. A value: every change gives a new one.
 *
 * <p>A run goes on from the latest time that the one before has seen, less the lookback. What comes again by that is left out where the
 * stream has a key and the record is byte for byte the same; a record that was changed comes again. Times ahead of this machine's clock
 * never become the position.
 */
public final class DatetimeCursor extends RecordCursor implements Cursor {

    private static final Duration LOOKBACK = Duration.ofSeconds(1);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Duration SMALLEST = Duration.ofSeconds(1);

    private final @Nullable Instant start;
    private final Duration lookback;
    private final TimeFormat format;
    private final List<TimeFormat> parsing;

    private DatetimeCursor(
            String pointer,
            @Nullable Instant start,
            Duration lookback,
            TimeFormat format,
            List<TimeFormat> parsing,
            RequestBounds bounds) {
        super(pointer, bounds);
        this.start = start;
        this.lookback = lookback;
        this.format = format;
        this.parsing = parsing;
    }

    static DatetimeCursor at(String pointer) {
        Pointer.of(pointer);
        return new DatetimeCursor(pointer, null, LOOKBACK, TimeFormat.iso(), List.of(), RequestBounds.NONE);
    }

    private DatetimeCursor bounded(RequestBounds bounds) {
        return new DatetimeCursor(pointer, start, lookback, format, parsing, bounds);
    }

    /**
     * Sets where a slice begins that has not been read yet.
     *
     * @param start the time; default none, so the first run asks for everything. Needed for {@linkplain RecordStream#windows windows}
     * @return a new cursor
     */
    public DatetimeCursor startingAt(Instant start) {
        return new DatetimeCursor(pointer, Objects.requireNonNull(start, "start"), lookback, format, parsing, bounds);
    }

    /**
     * Sets how far before the position a run begins, for records that appear late.
     *
     * @param lookback default one second, so that an API that compares by "later than" loses no record of the same second; zero for none.
     *     It must cover how far the remote's clock may lie behind this machine's, and an hour where times are local and summer ends
     * @return a new cursor
     * @throws IllegalArgumentException if it is negative
     */
    public DatetimeCursor lookback(Duration lookback) {
        if (lookback.isNegative()) {
            throw new IllegalArgumentException("lookback must not be negative, but is " + lookback);
        }
        return new DatetimeCursor(pointer, start, lookback, format, parsing, bounds);
    }

    /**
     * Sets how times are written in requests, and read in records unless {@link #parsing} says otherwise.
     *
     * @param format default {@link TimeFormat#iso()}
     * @return a new cursor
     */
    public DatetimeCursor format(TimeFormat format) {
        return new DatetimeCursor(pointer, start, lookback, Objects.requireNonNull(format, "format"), parsing, bounds);
    }

    /**
     * Sets how times are read in records: the first format that fits.
     *
     * @param formats at least one; default the request's format, then ISO 8601
     * @return a new cursor
     * @throws IllegalArgumentException if there is none
     */
    public DatetimeCursor parsing(TimeFormat... formats) {
        if (formats.length == 0) {
            throw new IllegalArgumentException("parsing needs at least one format");
        }
        return new DatetimeCursor(pointer, start, lookback, format, List.of(formats), bounds);
    }

    /**
     * Says that records come in the order of this time, so that reading can go on behind the last one.
     *
     * @return a new cursor
     */
    public DatetimeCursor ascending() {
        return bounded(bounds.inOrder());
    }

    /**
     * Leaves out records before the position on this side, for an API that takes no such parameter: all is fetched, what is new is emitted.
     *
     * @return a new cursor
     */
    public DatetimeCursor clientSide() {
        return bounded(bounds.filteredHere());
    }

    /**
     * Sends the position as a query parameter; asked for nothing where there is none.
     *
     * @param parameter its name, such as {@code since}
     * @return a new cursor
     */
    public DatetimeCursor intoQuery(String parameter) {
        return into(Placement.query(parameter));
    }

    /**
     * Sends the position.
     *
     * @param placement where it goes
     * @return a new cursor
     */
    public DatetimeCursor into(Placement placement) {
        return bounded(bounds.from(placement));
    }

    /**
     * Sends the end of a window as a query parameter.
     *
     * @param parameter its name, such as {@code until}
     * @return a new cursor
     */
    public DatetimeCursor untilQuery(String parameter) {
        return until(Placement.query(parameter));
    }

    /**
     * Sends the end of a window. Windows lie side by side, so the API must count the beginning of a period as part of it, or the end
     * ({@link TimeWindows#inclusiveEnd}); one that counts neither loses records at the borders.
     *
     * @param placement where it goes
     * @return a new cursor
     */
    public DatetimeCursor until(Placement placement) {
        return bounded(bounds.until(placement));
    }

    TimeFormat format() {
        return format;
    }

    @Override
    @Nullable
    Position start() {
        return start == null ? null : new Position.Time(start);
    }

    @Override
    Optional<Position> of(JsonNode value) {
        if (parsing.isEmpty()) {
            return format.read(value).or(() -> TimeFormat.iso().read(value)).map(Position.Time::new);
        }
        for (TimeFormat candidate : parsing) {
            Optional<Position> time = candidate.read(value).map(Position.Time::new);
            if (time.isPresent()) {
                return time;
            }
        }
        return Optional.empty();
    }

    @Override
    Optional<Position> parse(JsonNode state) {
        return TimeFormat.iso().read(state).map(Position.Time::new);
    }

    @Override
    Position lookedBack(Position position) {
        try {
            Instant reached = ((Position.Time) position).instant();
            Instant before = reached.minus(lookback);
            // A beginning behind the position (that of another run may have been earlier) must not skip what is
            // between.
            return new Position.Time(
                    start != null && before.isBefore(start) && !reached.isBefore(start) ? start : before);
        } catch (DateTimeException | ArithmeticException e) {
            return new Position.Time(start == null ? Instant.MIN : start);
        }
    }

    @Override
    Position behind(Position last) {
        // An API that compares by "later than" would leave out the rest of the same second.
        return lookback.compareTo(LOOKBACK) < 0
                ? lookedBack(last)
                : lookback(LOOKBACK).lookedBack(last);
    }

    @Override
    Position capped(Position position, Instant now) {
        return ((Position.Time) position).instant().isAfter(now) ? new Position.Time(now) : position;
    }

    @Override
    Position allowingForSkew(Position position, Instant now) {
        return capped(position, now.minus(SKEW));
    }

    @Override
    Optional<Position> middle(Position from, Position to) {
        Instant begin = ((Position.Time) from).instant();
        long seconds = Duration.between(begin, ((Position.Time) to).instant()).toSeconds();
        return seconds < 2
                ? Optional.empty()
                : Optional.of(new Position.Time(begin.plus(SMALLEST.multipliedBy(seconds / 2))));
    }

    @Override
    Position end(Position reached, Instant now) {
        return Position.later(
                new Position.Time(now),
                new Position.Time(((Position.Time) reached).instant().plus(SMALLEST)));
    }

    @Override
    boolean isWithin(Position position, @Nullable Position from, @Nullable Position to) {
        return (from == null || !from.isAfter(position)) && (to == null || to.isAfter(position));
    }

    @Override
    String written(Position position) {
        return Json.writeText(format.write(((Position.Time) position).instant()));
    }

    @Override
    public String toString() {
        return "Cursor[" + pointer + ", a time" + (start == null ? "" : " from " + start) + ", looking back " + lookback
                + "]";
    }
}
