package dev.headrace.decode;

import dev.headrace.json.DecodingException;
import org.jspecify.annotations.Nullable;

/**
 * Lines of text. They end with LF; a CR before it is no part of the line. The last one needs no LF, and nothing behind the last LF is no
 * line.
 */
final class LinesParser implements PullParser<String> {

    private final TextCodec codec;
    private final ItemReader<String> items;
    private final int lineLimit;
    private final Captured captured;
    // Position in the stream of the window's first byte, and how many bytes from there hold no LF.
    private long position;
    private int scanned;

    LinesParser(TextCodec codec, int lineLimit, Captured captured) {
        this.codec = codec;
        this.items = new ItemReader<>(codec);
        this.lineLimit = lineLimit;
        this.captured = captured;
    }

    @Override
    public @Nullable String next(ByteWindow bytes) {
        while (true) {
            int lineFeed = ByteSearch.indexOf((byte) '\n', bytes.array(), bytes.start() + scanned, bytes.end());
            if (lineFeed < 0) {
                requireWithinLimit(bytes.start(), endOfLine(bytes, bytes.end()));
                scanned = bytes.length();
                return null;
            }
            String line = line(bytes, lineFeed, lineFeed + 1);
            if (line != null) {
                return line;
            }
        }
    }

    @Override
    public @Nullable String end(ByteWindow bytes) {
        String last = bytes.length() == 0 ? null : line(bytes, bytes.end(), bytes.end());
        if (last == null) {
            captured.end();
        }
        return last;
    }

    /** The window's first line, or null if it is passed over; it is used up. */
    private @Nullable String line(ByteWindow bytes, int end, int next) {
        int from = bytes.start();
        int to = endOfLine(bytes, end);
        requireWithinLimit(from, to);
        boolean isOnlyMark = false;
        if (position == 0 && codec.isUtf8()) {
            int mark = ByteOrderMark.matched(bytes);
            if (mark == ByteOrderMark.LENGTH) {
                from += mark;
                isOnlyMark = bytes.length() == mark;
            }
        }
        String line = null;
        if (!isOnlyMark) {
            if (captured.item(bytes.array(), from, to)) {
                line = items.read(bytes.array(), from, to, position + from - bytes.start());
                captured.delivered(items.index(), captured.fingerprint());
            } else {
                items.startAt(captured.items());
            }
        }
        position += next - bytes.start();
        scanned = 0;
        bytes.startAt(next);
        return line;
    }

    private static int endOfLine(ByteWindow bytes, int end) {
        return end > bytes.start() && bytes.array()[end - 1] == '\r' ? end - 1 : end;
    }

    private void requireWithinLimit(int from, int to) {
        if (to - from > lineLimit) {
            throw new DecodingException(
                    "the line is larger than the limit of " + lineLimit + " bytes", position, items.index(), null);
        }
    }
}
