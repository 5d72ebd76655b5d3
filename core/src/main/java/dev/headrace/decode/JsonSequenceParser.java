package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import dev.headrace.json.RecordScanner;
import org.jspecify.annotations.Nullable;

/**
 * JSON texts, each behind a record separator (RFC 7464). No JSON has that byte, so a text ends where the next one begins, whatever is
 * wrong with it; but a text is emitted as soon as it is complete, for the next one may be long in coming.
 */
final class JsonSequenceParser<T> implements PullParser<T> {

    private static final byte RECORD_SEPARATOR = 0x1E;

    private final ItemReader<T> items;
    private final int textLimit;
    private final Captured captured;
    // Whether a separator has come and nothing behind it yet.
    private boolean begun;
    // Of the text that is not complete; it counts from the text's first byte.
    private @Nullable RecordScanner scanner;
    private long textStart;
    // Position in the stream of the window's first byte, and up to where there is no separator.
    private long position;
    private long searched;

    JsonSequenceParser(ItemReader<T> items, int textLimit, Captured captured) {
        this.items = items;
        this.textLimit = textLimit;
        this.captured = captured;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        for (RecordScanner text = text(bytes); text != null; text = text(bytes)) {
            int separator = separator(bytes);
            int to = separator < 0 ? bytes.end() : separator;
            if (!scan(text, bytes, to, false)) {
                if (separator < 0) {
                    return null;
                }
                throw endsTooEarly(text, bytes, to).asMalformed();
            }
            T item = read(text, bytes);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        if (begun) {
            throw failure("the document ends behind a record separator; it was cut short")
                    .asCutShort();
        }
        if (scanner != null) {
            throw endsTooEarly(scanner, bytes, bytes.end()).asCutShort();
        }
        captured.end();
        return null;
    }

    /** The text that the bytes are in, or null if they end before one. */
    private @Nullable RecordScanner text(ByteWindow bytes) {
        while (scanner == null && bytes.length() > 0) {
            byte next = bytes.array()[bytes.start()];
            if (next == RECORD_SEPARATOR) {
                begun = true;
                use(bytes, 1);
            } else if (begun) {
                begun = false;
                textStart = position;
                scanner = RecordScanner.ofWhole(Pointer.ROOT, textLimit, Defaults.JSON_DEPTH_LIMIT);
            } else if (isWhitespace(next)) {
                use(bytes, 1);
            } else {
                throw failure(String.format("expected a record separator (0x1E) but found byte 0x%02X", next));
            }
        }
        return scanner;
    }

    private int separator(ByteWindow bytes) {
        int from = bytes.start() + (int) Math.max(0, searched - position);
        int separator = ByteSearch.indexOf(RECORD_SEPARATOR, bytes.array(), from, bytes.end());
        searched = position + (separator < 0 ? bytes.end() : separator) - bytes.start();
        return separator;
    }

    private boolean scan(RecordScanner text, ByteWindow bytes, int to, boolean isAll) {
        boolean found;
        try {
            found = isAll ? text.end(bytes.array(), bytes.start(), to) : text.next(bytes.array(), bytes.start(), to);
        } catch (DecodingException e) {
            throw e.within(textStart, items.index());
        }
        use(bytes, text.used());
        return found;
    }

    private @Nullable T read(RecordScanner text, ByteWindow bytes) {
        byte[] array = bytes.array();
        int from = text.recordFrom();
        int to = text.recordTo();
        if (!isDelimited(array[from]) && !isWhitespace(array[to])) {
            throw failure("expected white space behind a number, true, false or null (RFC 7464 §2.4)");
        }
        scanner = null;
        if (!captured.item(array, from, to)) {
            items.startAt(captured.items());
            return null;
        }
        T item = items.read(array, from, to, position - (to - from));
        captured.delivered(items.index(), captured.fingerprint());
        return item;
    }

    /** What was scanned is no whole text. A number is whole for the scanner, but nobody knows how many of its digits are missing. */
    private DecodingException endsTooEarly(RecordScanner text, ByteWindow bytes, int to) {
        try {
            scan(text, bytes, to, true);
        } catch (DecodingException e) {
            return e;
        }
        return failure(
                "the text may have been cut short: a number, true, false or null ends without white space behind it"
                        + " (RFC 7464 §2.4)");
    }

    private void use(ByteWindow bytes, int length) {
        bytes.startAt(bytes.start() + length);
        position += length;
    }

    private DecodingException failure(String problem) {
        return new DecodingException(problem, position, items.index(), null);
    }

    private static boolean isDelimited(byte first) {
        return first == '{' || first == '[' || first == '"';
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
