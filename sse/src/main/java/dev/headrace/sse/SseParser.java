package dev.headrace.sse;

import dev.headrace.decode.ByteWindow;
import dev.headrace.decode.PullParser;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection's events, to the letter of WHATWG HTML §9.2.6, over ranges of bytes.
 *
 * <p>How it works. A line ends at LF, at CR, or at CR LF; it is complete at the CR, so that no event waits for a byte that may
 * not come, and an LF that follows, maybe much later, is swallowed. Lines are only ever read whole: whether bytes are a field
 * name, a byte order mark or half a character is never asked before. The first line of data stays where it is and the window
 * starts there; each further one is moved up behind it, with LF between. Joined data is never longer than its source, so
 * this takes no second array. Id and name become strings when their line is read, for the next data line may be moved over them.
 *
 * <p>Two deliberate readings of the standard. The id buffer starts with the id that the connection resumed from, not empty:
 * otherwise the first event without an id after a reconnection would send the next one back to the beginning (browsers do the same).
 * And the length of an event is limited.
 */
final class SseParser implements PullParser<SseEvent> {

    /** Longest {@code retry:} that is believed; more is taken as this. */
    static final Duration MAX_RETRY = Duration.ofDays(1);

    private static final int NONE = -1;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] ID = {'i', 'd'};
    private static final byte[] RETRY = {'r', 'e', 't', 'r', 'y'};

    private final ResumePoint resumePoint;
    private final int limit;
    private final EventNames names = new EventNames();

    private String idBuffer;
    private String name = SseEvent.MESSAGE;

    private boolean atFirstLine = true;
    private boolean lineFeedMayFollow;

    // These three count from ByteWindow.start(), for the window may move between two calls.
    /** Bytes of data, joined at the window's start. */
    private int data = NONE;
    /** Where the unfinished line begins. */
    private int lineStart;
    /** No line ends before this. */
    private int searched;

    /**
     * A parser for one connection.
     *
     * @param resumePoint where the connection begins; told of every id and reconnection time that comes
     * @param limit most bytes of an event: its data so far and the line being read
     */
    SseParser(ResumePoint resumePoint, int limit) {
        this.resumePoint = resumePoint;
        this.idBuffer = resumePoint.lastEventId();
        this.limit = limit;
    }

    @Override
    public @Nullable SseEvent next(ByteWindow bytes) {
        byte[] array = bytes.array();
        int end = bytes.end();
        int from = bytes.start() + lineStart;
        int search = bytes.start() + searched;
        while (true) {
            from = behindLineFeed(array, from, end);
            int to = LineEnds.find(array, Math.max(from, search), end);
            if (to < 0) {
                checkLimit(end - from);
                suspend(bytes, from);
                return null;
            }
            checkLimit(to - from);
            lineFeedMayFollow = array[to] == '\r';
            from = behindByteOrderMark(array, from, to);
            if (from < to) {
                readLine(bytes, from, to);
                from = to + 1;
            } else {
                SseEvent event = dispatch(bytes);
                from = behindLineFeed(array, to + 1, end);
                bytes.startAt(from);
                if (event != null) {
                    lineStart = 0;
                    searched = 0;
                    return event;
                }
            }
        }
    }

    private int behindLineFeed(byte[] array, int from, int end) {
        if (!lineFeedMayFollow || from == end) {
            return from;
        }
        lineFeedMayFollow = false;
        return array[from] == '\n' ? from + 1 : from;
    }

    private int behindByteOrderMark(byte[] array, int from, int to) {
        if (!atFirstLine) {
            return from;
        }
        atFirstLine = false;
        boolean marked = to - from >= 3
                && array[from] == (byte) 0xEF
                && array[from + 1] == (byte) 0xBB
                && array[from + 2] == (byte) 0xBF;
        return marked ? from + 3 : from;
    }

    private void readLine(ByteWindow bytes, int from, int to) {
        byte[] array = bytes.array();
        switch (array[from]) {
            case 'd' -> {
                if (isField(DATA, array, from, to)) {
                    addData(bytes, valueStart(DATA, array, from, to), to);
                }
            }
            case 'i' -> {
                if (isField(ID, array, from, to)) {
                    setId(array, valueStart(ID, array, from, to), to);
                }
            }
            case 'e' -> {
                if (isField(EVENT, array, from, to)) {
                    name = names.get(array, valueStart(EVENT, array, from, to), to);
                }
            }
            case 'r' -> {
                if (isField(RETRY, array, from, to)) {
                    setRetry(array, valueStart(RETRY, array, from, to), to);
                }
            }
            default -> {
                // A comment or an unknown field: the standard ignores both.
            }
        }
    }

    private static boolean isField(byte[] field, byte[] array, int from, int to) {
        int length = field.length;
        if (to - from < length || to - from > length && array[from + length] != ':') {
            return false;
        }
        for (int i = 1; i < length; i++) {
            if (array[from + i] != field[i]) {
                return false;
            }
        }
        return true;
    }

    private static int valueStart(byte[] field, byte[] array, int from, int to) {
        int behindColon = Math.min(from + field.length + 1, to);
        return behindColon < to && array[behindColon] == ' ' ? behindColon + 1 : behindColon;
    }

    private void addData(ByteWindow bytes, int from, int to) {
        int length = to - from;
        if (data == NONE) {
            bytes.startAt(from);
            data = length;
            return;
        }
        byte[] array = bytes.array();
        int behindData = bytes.start() + data;
        array[behindData] = '\n';
        System.arraycopy(array, from, array, behindData + 1, length);
        data += 1 + length;
    }

    private void setId(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == 0) {
                return;
            }
        }
        if (!isIdBuffer(array, from, to)) {
            idBuffer = Utf8.decode(array, from, to);
        }
    }

    private boolean isIdBuffer(byte[] array, int from, int to) {
        if (to - from != idBuffer.length()) {
            return false;
        }
        // From the end, where ids that count differ. A byte outside ASCII is negative and equals no char.
        for (int i = to - 1; i >= from; i--) {
            if (array[i] != idBuffer.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    private void setRetry(byte[] array, int from, int to) {
        long millis = 0;
        for (int i = from; i < to; i++) {
            int digit = array[i] - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            millis = Math.min(millis * 10 + digit, MAX_RETRY.toMillis());
        }
        if (from < to) {
            resumePoint.retry(Duration.ofMillis(millis));
        }
    }

    /** At a blank line: commits the id, with or without data, and makes the event if there is any. */
    private @Nullable SseEvent dispatch(ByteWindow bytes) {
        resumePoint.commit(idBuffer);
        SseEvent event = data == NONE
                ? null
                : new SseEvent(idBuffer, name, Utf8.decode(bytes.array(), bytes.start(), bytes.start() + data));
        name = SseEvent.MESSAGE;
        data = NONE;
        return event;
    }

    private void checkLimit(int line) {
        if (line > limit - Math.max(data, 0)) {
            throw new EventTooLargeException(limit, resumePoint.lastEventId());
        }
    }

    /** Remembers an unfinished line, and holds no more bytes than it takes. */
    private void suspend(ByteWindow bytes, int from) {
        if (data == NONE) {
            bytes.startAt(from);
        } else {
            int gap = from - bytes.start() - data;
            // Moved only when the gap is as large as what is moved: each byte pays for one other, however the stream is
            // cut.
            if (gap >= data) {
                System.arraycopy(bytes.array(), bytes.start(), bytes.array(), from - data, data);
                bytes.startAt(from - data);
            }
        }
        lineStart = from - bytes.start();
        searched = bytes.length();
    }
}
