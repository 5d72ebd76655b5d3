package dev.headrace.decode;

import dev.headrace.json.DecodingException;
import dev.headrace.json.RecordFinder;

/**
 * One record on each line. Lines end with LF, a CR before it is JSON's own white space; blank lines count for nothing. The last line needs
 * no LF.
 */
final class LineFinder implements RecordFinder {

    private final int lineLimit;
    private long position;
    private long records;
    // How many bytes behind the position hold no LF.
    private int searched;
    private int used;
    private int recordFrom;
    private int recordTo;

    LineFinder(int lineLimit) {
        this.lineLimit = lineLimit;
    }

    @Override
    public boolean next(byte[] bytes, int from, int to) {
        int start = from;
        while (true) {
            int end = ByteSearch.indexOf((byte) '\n', bytes, start + searched, to);
            checkLength(bytes, start, end < 0 ? to : end);
            if (end < 0) {
                searched = to - start;
                used = start - from;
                return false;
            }
            boolean record = line(bytes, start, end);
            position += end + 1 - start;
            searched = 0;
            start = end + 1;
            if (record) {
                used = start - from;
                return true;
            }
        }
    }

    @Override
    public boolean end(byte[] bytes, int from, int to) {
        boolean record = line(bytes, from, to);
        position += to - from;
        searched = 0;
        used = to - from;
        return record;
    }

    /** Whether the line is a record; a blank one is not. */
    private boolean line(byte[] bytes, int start, int end) {
        boolean marked = position == 0 && ByteOrderMark.matched(bytes, start, end) == ByteOrderMark.LENGTH;
        int from = marked ? start + ByteOrderMark.LENGTH : start;
        int to = end;
        while (from < to && isBlank(bytes[from])) {
            from++;
        }
        while (from < to && isBlank(bytes[to - 1])) {
            to--;
        }
        recordFrom = from;
        recordTo = to;
        if (from == to) {
            return false;
        }
        records++;
        return true;
    }

    private void checkLength(byte[] bytes, int start, int end) {
        int length = end > start && bytes[end - 1] == '\r' ? end - 1 - start : end - start;
        if (length > lineLimit) {
            throw new DecodingException(
                    "the line is larger than the limit of " + lineLimit + " bytes", position, records, null);
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
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
        return false;
    }
}
