package dev.headrace.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of a JSON document as its bytes arrive, without tokens and without a tree.
 *
 * <p>A {@link Pointer} says where they are. An array there yields each of its elements; any other value there is a single record;
 * {@code null} yields none. The scanner says where a record lies in the bytes and leaves reading it to a {@link Codec}. One instance
 * scans one document; not for use by several threads at once. On the way it can keep values that lie beside the records, such as the token
 * for the next page.
 *
 * <h2>How it works</h2>
 *
 * <p>A document is two things. The <b>envelope</b>, everything around the records, is read strictly (RFC 8259): each comma, colon and
 * bracket must be where the grammar wants it. A <b>record</b> is only skipped: eight bytes at a time, its brackets matched
 * on a stack, until the one that closes it; what else may be wrong with it, the codec will find. (The envelope's strings are skipped
 * as well: nobody will read them.) Both go on wherever the bytes end: nothing is scanned twice, so the time is linear however the
 * document is cut.
 *
 * <p>Only what may still be needed is kept: a record, a key or a number that has begun. All else is given back as it is scanned, so a
 * document of any length takes the memory of its largest record.
 *
 * <p>Positions are kept relative to the first byte not given back, because the bytes may lie elsewhere at the next call.
 */
public final class RecordScanner implements RecordFinder {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final Codec<String> KEYS = Codec.of(String.class);

    /** How much of the way is done. */
    private enum Phase {
        SEARCHING,
        IN_ARRAY,
        BEHIND
    }

    /** What the bytes may have ended in the middle of. */
    private enum Inside {
        NOTHING,
        KEY,
        STRING,
        SCALAR,
        CONTAINER
    }

    /** Who wants the value that has begun. */
    private enum Taker {
        NOBODY,
        RECORD,
        CAPTURE
    }

    private final PointerWalk walk;
    private final boolean optional;
    private final boolean whole;
    private final @Nullable CaptureWalk captures;
    private final BiConsumer<? super Pointer, ? super String> captured;
    private final int recordLimit;
    private final Grammar grammar;

    private Phase phase = Phase.SEARCHING;
    private Inside inside = Inside.NOTHING;
    private Taker taker = Taker.NOBODY;
    private @Nullable Pointer capturing;
    private int markLength;
    private int arrayDepth;
    private int containerDepth;
    private boolean alone;
    private long records;

    private boolean inContainerString;
    private boolean afterBackslash;
    private boolean hasEscapes;
    private long insideSince;

    // Valid within one call; `shift` leads from an index to a position in the document.
    private int at;
    private int keep;
    private long shift;
    // Valid from one call to the next.
    private long position;
    private int scanned;

    private int used;
    private int recordFrom;
    private int recordTo;

    /**
     * Creates a scanner for one document.
     *
     * @param pointer where the records are
     * @param recordLimit most bytes of one record, and of one string or number around the records
     * @param depthLimit deepest nesting of brackets in the whole document
     * @throws IllegalArgumentException if a limit is not positive
     */
    public RecordScanner(Pointer pointer, int recordLimit, int depthLimit) {
        this(pointer, false, List.of(), (where, json) -> {}, recordLimit, depthLimit);
    }

    /**
     * Creates a scanner for one document that keeps values beside the records.
     *
     * @param pointer where the records are
     * @param optional whether a document without that place has no records, instead of being an error
     * @param captures places of the values to keep; none may hold the records or lie within them
     * @param captured told of each such value, as soon as it has been scanned, as JSON text digit for digit; not told of what is not there
     * @param recordLimit most bytes of one record or kept value, and of one string or number around them
     * @param depthLimit deepest nesting of brackets in the whole document
     * @throws IllegalArgumentException if a limit is not positive
     */
    public RecordScanner(
            Pointer pointer,
            boolean optional,
            List<Pointer> captures,
            BiConsumer<? super Pointer, ? super String> captured,
            int recordLimit,
            int depthLimit) {
        this(pointer, optional, false, captures, captured, recordLimit, depthLimit);
    }

    private RecordScanner(
            Pointer pointer,
            boolean optional,
            boolean whole,
            List<Pointer> captures,
            BiConsumer<? super Pointer, ? super String> captured,
            int recordLimit,
            int depthLimit) {
        if (recordLimit <= 0 || depthLimit <= 0) {
            throw new IllegalArgumentException(
                    "Limits must be positive: record " + recordLimit + " bytes, depth " + depthLimit);
        }
        this.walk = new PointerWalk(pointer);
        this.optional = optional;
        this.whole = whole;
        this.captures = captures.isEmpty() ? null : new CaptureWalk(captures);
        this.captured = captured;
        this.recordLimit = recordLimit;
        this.grammar = new Grammar(depthLimit);
    }

    /**
     * A scanner for one document that is searched for the one value at a place, which is a record as a whole, be it an array or {@code null};
     * there is none where the document does not have the place.
     *
     * @param pointer where the value is
     * @param recordLimit most bytes of the value
     * @param depthLimit deepest nesting of brackets in the whole document
     * @return the scanner
     * @throws IllegalArgumentException if a limit is not positive
     */
    public static RecordScanner ofWhole(Pointer pointer, int recordLimit, int depthLimit) {
        return new RecordScanner(pointer, true, true, List.of(), (where, json) -> {}, recordLimit, depthLimit);
    }

    @Override
    public boolean next(byte[] bytes, int from, int to) {
        begin(from);
        boolean found = scan(bytes, to);
        finish(from, found);
        return found;
    }

    @Override
    public boolean end(byte[] bytes, int from, int to) {
        begin(from);
        boolean found = false;
        if (grammar.depth() == 0 && inside == Inside.SCALAR) {
            found = endScalar(bytes);
        }
        if (inside != Inside.NOTHING) {
            throw cutShort("the document ends within " + (inside == Inside.KEY ? "a key" : "a value"), to);
        }
        String missing = grammar.end();
        if (missing != null) {
            throw cutShort(missing, at);
        }
        finish(from, found);
        return found;
    }

    @Override
    public int used() {
        return used;
    }

    @Override
    public int recordFrom() {
        return recordFrom;
    }

    @Override
    public int recordTo() {
        return recordTo;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean isComplete() {
        return inside == Inside.NOTHING && grammar.isComplete();
    }

    @Override
    public boolean isAlone() {
        return alone;
    }

    private void begin(int from) {
        at = from + scanned;
        keep = from;
        shift = position - from;
    }

    private void finish(int from, boolean found) {
        if (found || inside == Inside.NOTHING || inside == Inside.STRING && taker == Taker.NOBODY) {
            keep = at;
        }
        used = keep - from;
        scanned = at - keep;
        position += used;
    }

    private boolean scan(byte[] bytes, int to) {
        if (!skipByteOrderMark(bytes, to)) {
            return false;
        }
        while (inside != Inside.NOTHING || scanEnvelope(bytes, to)) {
            boolean ended = switch (inside) {
                case CONTAINER -> skipContainer(bytes, to);
                case SCALAR -> skipScalar(bytes, to);
                default -> skipString(bytes, to);
            };
            if (shift + at - insideSince > recordLimit) {
                throw overLimit();
            }
            if (!ended) {
                return false;
            }
            if (endInside(bytes)) {
                return true;
            }
        }
        return false;
    }

    private boolean skipByteOrderMark(byte[] bytes, int to) {
        while (markLength < BYTE_ORDER_MARK.length) {
            if (at == to) {
                return false;
            }
            if (bytes[at] == BYTE_ORDER_MARK[markLength]) {
                at++;
                markLength++;
            } else if (markLength == 0) {
                markLength = BYTE_ORDER_MARK.length;
            } else {
                throw failure("expected a JSON document in UTF-8 but found " + Grammar.shown(bytes[at]), at);
            }
        }
        return true;
    }

    /** Scans up to the beginning of a string, a scalar or a record. False if the bytes end before one. */
    private boolean scanEnvelope(byte[] bytes, int to) {
        while (at < to) {
            byte next = bytes[at];
            switch (next) {
                case ' ', '\t', '\n', '\r' -> {}
                case '{', '[' -> {
                    if (beginContainer(next)) {
                        return true;
                    }
                }
                case '}', ']' -> endContainer(next);
                case ',' -> check(grammar.comma());
                case ':' -> check(grammar.colon());
                case '"' -> {
                    beginString();
                    return true;
                }
                default -> {
                    beginScalar(next);
                    return true;
                }
            }
            at++;
        }
        return false;
    }

    /** True if the container is to be kept whole. */
    private boolean beginContainer(byte bracket) {
        check(grammar.beginValue(bracket));
        taker = takerOf(bracket == '[' ? "an array" : "an object", bracket);
        if (taker != Taker.NOBODY) {
            containerDepth = grammar.depth();
            beginInside(Inside.CONTAINER);
            return true;
        }
        check(grammar.open(bracket));
        return false;
    }

    private void endContainer(byte bracket) {
        int depth = grammar.depth();
        check(grammar.close(bracket));
        if (captures != null) {
            captures.close(depth);
        }
        if (phase == Phase.SEARCHING && depth == walk.depth()) {
            missing(walk.endsWithContainer(bracket == ']'));
        }
        if (phase == Phase.IN_ARRAY && depth == arrayDepth) {
            phase = Phase.BEHIND;
        }
        grammar.endValue();
    }

    private void beginString() {
        if (grammar.expectsKey()) {
            beginInside(Inside.KEY);
        } else {
            check(grammar.beginValue((byte) '"'));
            taker = takerOf("a string", (byte) '"');
            beginInside(Inside.STRING);
        }
        at++;
    }

    private void beginScalar(byte first) {
        check(Lexemes.startsScalar(first) ? grammar.beginValue(first) : grammar.unexpected(first));
        taker = takerOf("a scalar", first);
        beginInside(Inside.SCALAR);
    }

    private Taker takerOf(String kind, byte first) {
        if (isRecord(kind, first)) {
            return Taker.RECORD;
        }
        if (captures != null && !(phase == Phase.IN_ARRAY && grammar.depth() >= arrayDepth)) {
            boolean container = first == '[' || first == '{';
            capturing = captures.value(grammar.depth(), container, grammar.isInArray(), first == '[');
            return capturing == null ? Taker.NOBODY : Taker.CAPTURE;
        }
        return Taker.NOBODY;
    }

    /** A value begins: is it a record, or where does it lie on the way? */
    private boolean isRecord(String kind, byte first) {
        int depth = grammar.depth();
        if (phase == Phase.IN_ARRAY) {
            return depth == arrayDepth;
        }
        if (phase == Phase.BEHIND) {
            return false;
        }
        if (depth == walk.depth() && grammar.isInArray()) {
            walk.element();
        }
        if (walk.isAtTarget()) {
            boolean isArray = first == '[' && !whole;
            alone = !isArray;
            phase = isArray ? Phase.IN_ARRAY : Phase.BEHIND;
            arrayDepth = depth + 1;
            return !isArray;
        }
        if (walk.isOnTheWay()) {
            if (first != '[' && first != '{') {
                missing(walk.endsAt(kind));
                return false;
            }
            walk.enter(first == '[');
        }
        return false;
    }

    private void missing(String problem) {
        if (!optional) {
            throw failure(problem, at);
        }
        phase = Phase.BEHIND;
    }

    private void beginInside(Inside what) {
        inside = what;
        keep = at;
        insideSince = shift + at;
        hasEscapes = false;
    }

    /** Skips to behind the closing quote. False if the bytes end before it. */
    private boolean skipString(byte[] bytes, int to) {
        int i = at;
        if (afterBackslash && i < to) {
            afterBackslash = false;
            i++;
        }
        while (i < to) {
            i = Lexemes.quoteOrBackslash(bytes, i, to);
            if (i == to) {
                break;
            }
            if (bytes[i++] == '"') {
                at = i;
                return true;
            }
            hasEscapes = true;
            afterBackslash = i == to;
            i = Math.min(i + 1, to);
        }
        at = i;
        return false;
    }

    private boolean skipScalar(byte[] bytes, int to) {
        at = Lexemes.endOfScalar(bytes, at, to);
        return at < to;
    }

    /**
     * Skips to behind the bracket that closes the container. False if the bytes end before it.
     *
     * <p>Eight bytes at a time, whatever they are: records have many short strings, and to look for the end of each would be to guess at
     * each. Only brackets outside of strings and backslashes within them need more.
     */
    private boolean skipContainer(byte[] bytes, int to) {
        int i = at;
        // All ones within a string.
        long carried = inContainerString ? -1 : 0;
        if (afterBackslash && i < to) {
            afterBackslash = false;
            i++;
        }
        while (i < to) {
            long eight = Lexemes.eight(bytes, i, to);
            long inString = Lexemes.oddQuotes(eight) ^ carried;
            long brackets = Lexemes.brackets(eight) & ~inString;
            long backslashes = Lexemes.backslashes(eight) & inString;
            if (brackets != 0 && endsContainer(bytes, i, brackets & backslashes - 1 & ~backslashes)) {
                inContainerString = false;
                return true;
            }
            if (backslashes == 0) {
                carried = inString >> Long.SIZE - 1;
                i += Long.BYTES;
            } else {
                // What is escaped is no quote; behind it all goes on, still in the string.
                carried = -1;
                i += Lexemes.first(backslashes) + 2;
                afterBackslash = i > to;
            }
        }
        inContainerString = carried != 0;
        at = to;
        return false;
    }

    /** Counts the brackets among the eight bytes from an index. True at the one that closes the container, with the place behind it. */
    private boolean endsContainer(byte[] bytes, int from, long brackets) {
        for (long left = brackets; left != 0; left &= left - 1) {
            at = from + Lexemes.first(left);
            byte next = bytes[at];
            if (next == '{' || next == '[') {
                check(grammar.push(next));
            } else if (next == '}' || next == ']') {
                check(grammar.pop(next));
                if (grammar.depth() == containerDepth) {
                    at++;
                    return true;
                }
            }
        }
        return false;
    }

    /** What the bytes were inside of has ended. True if it is a record. */
    private boolean endInside(byte[] bytes) {
        switch (inside) {
            case KEY -> endKey(bytes);
            case STRING, CONTAINER -> {
                return endTaken(bytes);
            }
            case SCALAR -> {
                return endScalar(bytes);
            }
            case NOTHING -> {}
        }
        return false;
    }

    private void endKey(byte[] bytes) {
        int depth = grammar.depth();
        boolean onTheWay = phase == Phase.SEARCHING && depth == walk.depth();
        boolean toCapture = captures != null && captures.wantsKeys(depth);
        if (onTheWay || toCapture) {
            byte[] key = hasEscapes ? unescaped(bytes, keep, at) : bytes;
            int from = hasEscapes ? 0 : keep + 1;
            int to = hasEscapes ? key.length : at - 1;
            if (onTheWay) {
                walk.key(key, from, to);
            }
            if (captures != null && toCapture) {
                captures.key(key, from, to);
            }
        }
        inside = Inside.NOTHING;
        grammar.endKey();
    }

    private byte[] unescaped(byte[] bytes, int from, int to) {
        try {
            return KEYS.decode(bytes, from, to).getBytes(StandardCharsets.UTF_8);
        } catch (DecodingException e) {
            throw e.within(shift + from, records);
        }
    }

    private boolean endScalar(byte[] bytes) {
        if (!Lexemes.isScalar(bytes, keep, at)) {
            throw failure("expected a number, true, false or null but found something else", keep);
        }
        boolean isOnlyNull = !whole && phase == Phase.BEHIND && Lexemes.isNull(bytes, keep, at);
        if (taker == Taker.RECORD && isOnlyNull) {
            endValue();
            return false;
        }
        return endTaken(bytes);
    }

    /** A value has ended. True if it is a record. */
    private boolean endTaken(byte[] bytes) {
        Taker took = taker;
        if (took == Taker.RECORD) {
            recordFrom = keep;
            recordTo = at;
            records++;
        } else if (took == Taker.CAPTURE && capturing != null) {
            captured.accept(capturing, new String(bytes, keep, at - keep, StandardCharsets.UTF_8));
        }
        endValue();
        return took == Taker.RECORD;
    }

    private void endValue() {
        inside = Inside.NOTHING;
        grammar.endValue();
    }

    private void check(@Nullable String problem) {
        if (problem != null) {
            throw failure(problem, at);
        }
    }

    private DecodingException overLimit() {
        boolean record = inside != Inside.KEY && taker == Taker.RECORD;
        String what = record ? "a record" : "a key or value beside the records";
        return new DecodingException(
                what + " is larger than the limit of " + recordLimit + " bytes", insideSince, records, null);
    }

    private DecodingException cutShort(String problem, int index) {
        return DecodingException.cutShort(problem, shift + index, records);
    }

    private DecodingException failure(String problem, int index) {
        return new DecodingException(problem, shift + index, records, null);
    }
}
