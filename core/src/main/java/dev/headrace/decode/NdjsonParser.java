package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value on each line. Lines end with LF, a CR before it is JSON's own whitespace; blank lines count for nothing. The last
 * line needs no LF, but must be a complete value as any other.
 */
final class NdjsonParser<T> implements PullParser<T> {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final ItemReader<T> items;
    private final int lineLimit;
    // Position in the stream of the window's first byte, and how many bytes from there hold no LF.
    private long position;
    private int scanned;

    NdjsonParser(Codec<T> codec, int lineLimit) {
        this(new ItemReader<>(codec), lineLimit);
    }

    NdjsonParser(ItemReader<T> items, int lineLimit) {
        this.items = items;
        this.lineLimit = lineLimit;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        while (true) {
            int end = bytes.indexOf((byte) '\n', bytes.start() + scanned);
            int lineEnd = end < 0 ? bytes.end() : end;
            if (lineEnd - bytes.start() > lineLimit) {
                throw new DecodingException(
                        "the line is larger than the limit of " + lineLimit + " bytes", position, items.index(), null);
            }
            if (end < 0) {
                scanned = bytes.length();
                return null;
            }
            T item = line(bytes, end, end + 1);
            if (item != null) {
                return item;
            }
        }
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        return line(bytes, bytes.end(), bytes.end());
    }

    /** The item of the window's first line, or null if it is blank or left out; the line is used up. */
    private @Nullable T line(ByteWindow bytes, int end, int next) {
        byte[] array = bytes.array();
        int lineStart = bytes.start();
        int from = position == 0 ? behindByteOrderMark(array, lineStart, end) : lineStart;
        while (from < end && isBlank(array[from])) {
            from++;
        }
        long itemPosition = position + from - lineStart;
        position += next - lineStart;
        scanned = 0;
        bytes.startAt(next);
        return from == end ? null : items.read(array, from, end, itemPosition);
    }

    private static int behindByteOrderMark(byte[] array, int from, int end) {
        int length = BYTE_ORDER_MARK.length;
        boolean hasMark = end - from >= length && Arrays.equals(array, from, from + length, BYTE_ORDER_MARK, 0, length);
        return hasMark ? from + length : from;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
