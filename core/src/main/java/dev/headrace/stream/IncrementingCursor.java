package dev.headrace.stream;

import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import dev.headrace.pagination.Placement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A cursor by a number in each record that is greater for newer ones, made by {@link Cursor#incrementing}. A value: every change gives a new
 * one. A run asks for what lies behind the greatest number that the one before has seen, so no two records of a slice may have the same.
 */
public final class IncrementingCursor extends RecordCursor implements Cursor {

    // More digits are no id, and take long to compare.
    private static final int MOST_DIGITS = 100;

    private final @Nullable BigDecimal start;

    private IncrementingCursor(String pointer, @Nullable BigDecimal start, RequestBounds bounds) {
        super(pointer, bounds);
        this.start = start;
    }

    static IncrementingCursor at(String pointer) {
        Pointer.of(pointer);
        return new IncrementingCursor(pointer, null, RequestBounds.NONE);
    }

    private IncrementingCursor bounded(RequestBounds bounds) {
        return new IncrementingCursor(pointer, start, bounds);
    }

    /**
     * Sets behind which number a slice begins that has not been read yet.
     *
     * @param start the number; default none, so the first run asks for everything
     * @return a new cursor
     */
    public IncrementingCursor startingAt(long start) {
        return new IncrementingCursor(pointer, BigDecimal.valueOf(start), bounds);
    }

    /**
     * Says that records come in the order of this number, so that reading can go on behind the last one.
     *
     * @return a new cursor
     */
    public IncrementingCursor ascending() {
        return bounded(bounds.inOrder());
    }

    /**
     * Leaves out records up to the position on this side, for an API that takes no such parameter: all is fetched, what is new is emitted.
     *
     * @return a new cursor
     */
    public IncrementingCursor clientSide() {
        return bounded(bounds.filteredHere());
    }

    /**
     * Sends the position as a query parameter; asked for nothing where there is none.
     *
     * @param parameter its name, such as {@code since_id}
     * @return a new cursor
     */
    public IncrementingCursor intoQuery(String parameter) {
        return into(Placement.query(parameter));
    }

    /**
     * Sends the position.
     *
     * @param placement where it goes
     * @return a new cursor
     */
    public IncrementingCursor into(Placement placement) {
        return bounded(bounds.from(placement));
    }

    /**
     * Sends the end of a part, where a slice is read in several.
     *
     * @param placement where it goes; the end is the last number that belongs to the part
     * @return a new cursor
     */
    public IncrementingCursor until(Placement placement) {
        return bounded(bounds.until(placement));
    }

    @Override
    @Nullable
    Position start() {
        return start == null ? null : new Position.Count(start);
    }

    @Override
    Optional<Position> of(JsonNode value) {
        try {
            String text = value.isNumber() ? value.toString() : value.isString() ? value.stringValue() : "";
            if (text.isEmpty() || text.length() > MOST_DIGITS) {
                return Optional.empty();
            }
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) > MOST_DIGITS
                    ? Optional.empty()
                    : Optional.of(new Position.Count(number));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    Optional<Position> parse(JsonNode state) {
        return of(state);
    }

    @Override
    Position lookedBack(Position position) {
        return position;
    }

    @Override
    Position behind(Position last) {
        return last;
    }

    @Override
    Position capped(Position position, Instant now) {
        return position;
    }

    @Override
    Position allowingForSkew(Position position, Instant now) {
        return position;
    }

    @Override
    Optional<Position> middle(Position from, Position to) {
        BigDecimal begin = ((Position.Count) from).number();
        BigDecimal half =
                ((Position.Count) to).number().subtract(begin).divide(BigDecimal.valueOf(2), 0, RoundingMode.FLOOR);
        return half.toBigInteger().compareTo(BigInteger.ONE) < 0
                ? Optional.empty()
                : Optional.of(new Position.Count(begin.add(half)));
    }

    @Override
    Position end(Position reached, Instant now) {
        return reached;
    }

    @Override
    boolean isWithin(Position position, @Nullable Position from, @Nullable Position to) {
        return (from == null || position.isAfter(from)) && (to == null || !position.isAfter(to));
    }

    @Override
    String written(Position position) {
        return Json.writeText(position.json());
    }

    @Override
    public String toString() {
        return "Cursor[" + pointer + ", a number" + (start == null ? "" : " behind " + start) + "]";
    }
}
