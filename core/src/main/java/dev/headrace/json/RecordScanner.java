package dev.headrace.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of a JSON document as its bytes arrive, without tokens and without a tree.
 *
 * <p>A {@link Pointer} says where they are. An array there yields each of its elements; any other value there is a single record;
 * {@code null} yields none. The scanner says where a record lies in the bytes and leaves reading it to a {@link Codec}. One instance
 * scans one document; not for use by several threads at once.
 *
 * <h2>How it works</h2>
 *
 * <p>A document is two things. The <b>envelope</b>, everything around the records, is read strictly (RFC 8259): each comma, colon and
 * bracket must be where the grammar wants it. A <b>record</b> is only skipped: its strings eight bytes at a time, its brackets matched
 * on a stack, until the one that closes it; what else may be wrong with it, the codec will find. (The envelope's strings are skipped
 * as well: nobody will read them.) Both go on wherever the bytes end: nothing is scanned twice, so the time is linear however the
 * document is cut.
 *
 * <p>Only what may still be needed is kept: a record, a key or a number that has begun. All else is given back as it is scanned, so a
 * document of any length takes the memory of its largest record.
 *
 * <p>Positions are kept relative to the first byte not given back, because the bytes may lie elsewhere at the next call.
 */
public final class RecordScanner {

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
        RECORD,
        RECORD_STRING,
        RECORD_SCALAR
    }

    private final PointerWalk walk;
    private final boolean whole;
    private final int recordLimit;
    private final Grammar grammar;

    private Phase phase = Phase.SEARCHING;
    private Inside inside = Inside.NOTHING;
    private int markLength;
    private int arrayDepth;
    private int recordDepth;
    private long records;

    private boolean inRecordString;
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
        this(pointer, false, recordLimit, depthLimit);
    }

    private RecordScanner(Pointer pointer, boolean whole, int recordLimit, int depthLimit) {
        if (recordLimit <= 0 || depthLimit <= 0) {
            throw new IllegalArgumentException(
                    "Limits must be positive: record " + recordLimit + " bytes, depth " + depthLimit);
        }
        this.walk = new PointerWalk(pointer);
        this.whole = whole;
        this.recordLimit = recordLimit;
        this.grammar = new Grammar(depthLimit);
    }

    /**
     * A scanner for one document that is a record as a whole, be it an array or {@code null}.
     *
     * @param recordLimit most bytes of the document, without the white space around it
     * @param depthLimit deepest nesting of brackets
     * @return the scanner
     * @throws IllegalArgumentException if a limit is not positive
     */
    public static RecordScanner ofWhole(int recordLimit, int depthLimit) {
        return new RecordScanner(Pointer.ROOT, true, recordLimit, depthLimit);
    }

    /**
     * Scans on to the end of the next record. Afterwards {@link #used()} bytes are no longer needed; the others must lead the range of
     * the next call.
     *
     * @param bytes the array the bytes lie in
     * @param from index of the first byte not given back
     * @param to index behind the last byte
     * @return true if a record was found, false if it takes more bytes
     * @throws DecodingException if the document is malformed, has nothing at the pointer, or is over a limit
     */
    public boolean next(byte[] bytes, int from, int to) {
        begin(from);
        boolean found = scan(bytes, to);
        finish(from, found);
        return found;
    }

    /**
     * Closes the document, once {@link #next} has returned false and there are no more bytes. To be called until it returns false.
     *
     * @param bytes the array the bytes lie in
     * @param from index of the first byte not given back
     * @param to index behind the last byte
     * @return true if the last bytes are a record: only a number or literal at the root ends with the bytes
     * @throws DecodingException if the document is not complete
     */
    public boolean end(byte[] bytes, int from, int to) {
        begin(from);
        boolean found = false;
        if (grammar.depth() == 0 && (inside == Inside.SCALAR || inside == Inside.RECORD_SCALAR)) {
            found = endScalar(bytes);
        }
        if (inside != Inside.NOTHING) {
            throw failure("the document ends within " + (inside == Inside.KEY ? "a key" : "a value"), to);
        }
        check(grammar.end());
        finish(from, found);
        return found;
    }

    /**
     * How many bytes of the last call's range are used up: those of a record that was found included, so it must be read first.
     *
     * @return number of bytes from the first
     */
    public int used() {
        return used;
    }

    /**
     * Where the record that was found begins.
     *
     * @return an index of the last call's array
     */
    public int recordFrom() {
        return recordFrom;
    }

    /**
     * Where the record that was found ends.
     *
     * @return the index behind its last byte
     */
    public int recordTo() {
        return recordTo;
    }

    /**
     * Position in the document of the first byte that is not used up.
     *
     * @return number of bytes given back since the document began
     */
    public long position() {
        return position;
    }

    private void begin(int from) {
        at = from + scanned;
        keep = from;
        shift = position - from;
    }

    private void finish(int from, boolean found) {
        if (found || inside == Inside.NOTHING || inside == Inside.STRING) {
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
                case RECORD -> skipRecord(bytes, to);
                case SCALAR, RECORD_SCALAR -> skipScalar(bytes, to);
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

    /** True if the container is a record. */
    private boolean beginContainer(byte bracket) {
        check(grammar.beginValue(bracket));
        if (beginValue(bracket == '[' ? "an array" : "an object", bracket)) {
            recordDepth = grammar.depth();
            beginInside(Inside.RECORD);
            return true;
        }
        check(grammar.open(bracket));
        return false;
    }

    private void endContainer(byte bracket) {
        int depth = grammar.depth();
        check(grammar.close(bracket));
        if (phase == Phase.SEARCHING && depth == walk.depth()) {
            throw failure(walk.endsWithContainer(bracket == ']'), at);
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
            beginInside(beginValue("a string", (byte) '"') ? Inside.RECORD_STRING : Inside.STRING);
        }
        at++;
    }

    private void beginScalar(byte first) {
        check(Lexemes.startsScalar(first) ? grammar.beginValue(first) : grammar.unexpected(first));
        beginInside(beginValue("a scalar", first) ? Inside.RECORD_SCALAR : Inside.SCALAR);
    }

    /** A value begins: is it a record, or where does it lie on the way? True if it is a record. */
    private boolean beginValue(String kind, byte first) {
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
            phase = isArray ? Phase.IN_ARRAY : Phase.BEHIND;
            arrayDepth = depth + 1;
            return !isArray;
        }
        if (walk.isOnTheWay()) {
            if (first != '[' && first != '{') {
                throw failure(walk.endsAt(kind), at);
            }
            walk.enter(first == '[');
        }
        return false;
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

    /** Skips to behind the bracket that closes the record. False if the bytes end before it. */
    private boolean skipRecord(byte[] bytes, int to) {
        if (inRecordString && !skipString(bytes, to)) {
            return false;
        }
        inRecordString = false;
        for (int i = at; i < to; i++) {
            byte next = bytes[i];
            switch (next) {
                case '"' -> {
                    at = i + 1;
                    if (!skipString(bytes, to)) {
                        inRecordString = true;
                        return false;
                    }
                    i = at - 1;
                }
                case '{', '[' -> {
                    at = i;
                    check(grammar.push(next));
                }
                case '}', ']' -> {
                    at = i;
                    check(grammar.pop(next));
                    if (grammar.depth() == recordDepth) {
                        at = i + 1;
                        return true;
                    }
                }
                default -> {}
            }
        }
        at = to;
        return false;
    }

    /** What the bytes were inside of has ended. True if it is a record. */
    private boolean endInside(byte[] bytes) {
        switch (inside) {
            case KEY -> endKey(bytes);
            case STRING -> endValue();
            case SCALAR, RECORD_SCALAR -> {
                return endScalar(bytes);
            }
            case RECORD, RECORD_STRING -> {
                endRecord();
                return true;
            }
            case NOTHING -> {}
        }
        return false;
    }

    private void endKey(byte[] bytes) {
        if (phase == Phase.SEARCHING && grammar.depth() == walk.depth()) {
            if (hasEscapes) {
                byte[] key = unescaped(bytes, keep, at);
                walk.key(key, 0, key.length);
            } else {
                walk.key(bytes, keep + 1, at - 1);
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
        if (inside == Inside.RECORD_SCALAR && !isOnlyNull) {
            endRecord();
            return true;
        }
        endValue();
        return false;
    }

    private void endRecord() {
        recordFrom = keep;
        recordTo = at;
        records++;
        endValue();
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
        String what = switch (inside) {
            case KEY, STRING, SCALAR, NOTHING -> "a key or value beside the records";
            case RECORD, RECORD_STRING, RECORD_SCALAR -> "a record";
        };
        return new DecodingException(
                what + " is larger than the limit of " + recordLimit + " bytes", insideSince, records, null);
    }

    private DecodingException failure(String problem, int index) {
        return new DecodingException(problem, shift + index, records, null);
    }
}
