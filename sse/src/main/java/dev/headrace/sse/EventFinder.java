package dev.headrace.sse;

import dev.headrace.sse.EventLimits.Oversized;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds one connection's events in its bytes, to the letter of WHATWG HTML §9.2.6, and leaves making something of them to others.
 *
 * <p>How it works. A line ends at LF, at CR, or at CR LF; it is complete at the CR, so that no event waits for a byte that may
 * not come, and an LF that follows, maybe much later, is swallowed. Lines are only ever read whole: whether bytes are a field
 * name, a byte order mark or half a character is never asked before. The first line of data stays where it is; each further one is moved up
 * behind it, with LF between. Joined data is never longer than its source, so this takes no second array. An id is copied
 * and a name becomes a string when their line is read, for the next data line may be moved over them.
 *
 * <p>Between two calls an unfinished event's data leads the bytes that are kept, and the unfinished line follows it, maybe after a gap:
 * places are remembered as distances from there, because the bytes may move to another array.
 *
 * <p>Two deliberate readings of the standard. The id buffer starts with the id that the connection resumed from, not empty:
 * otherwise the first event without an id after a reconnection would send the next one back to the beginning (browsers do the same).
 * And the length of an event is limited.
 */
final class EventFinder {

    /** Longest {@code retry:} that is believed; more is taken as this. */
    static final Duration MAX_RETRY = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(EventFinder.class);
    private static final int LOGGED_LINES = 3;
    private static final int LOGGED_BYTES = 80;

    private static final int NONE = -1;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] ID = {'i', 'd'};
    private static final byte[] RETRY = {'r', 'e', 't', 'r', 'y'};

    private enum Block {
        SOUND,
        SKIPPED,
        TRUNCATED
    }

    private final ResumePoint resumePoint;
    private final EventLimits limits;
    private final boolean showsComments;
    private final @Nullable RecentIds recent;
    private final @Nullable EventCounters counters;
    private final EventNames names = new EventNames();

    // The block that is being read.
    private boolean bringsId;
    private boolean isNamed;
    /** The last one that came; in this block only if it is named. */
    private String name = SseEvent.MESSAGE;

    private Block block = Block.SOUND;
    /** Bytes of data, joined at {@code dataAt}. */
    private int data = NONE;

    private int dataAt;

    private boolean atFirstLine = true;
    private boolean lineFeedMayFollow;
    /** The rest of the line is of no interest: what there is of it was too long. */
    private boolean passingLine;

    // Distances from the first byte of the next call.
    private int lineStart;
    private int searched;
    private int kept;

    /** What was found has an id of its own, which will be known from when it has been emitted. */
    private boolean foundIsNew;

    private int ignoredLines;
    private boolean anyEventOfTheseBytes;

    // What was found.
    private boolean comment;
    private boolean truncated;
    private boolean foundIsNamed;
    private int from;
    private int to;
    private int used;

    /**
     * A finder for one connection.
     *
     * @param resumePoint where the connection begins; told of every reconnection time and id that comes, of every blank line, and of what was emitted
     * @param limits what is too large
     * @param showsComments whether comments are found too
     * @param recent ids of events that are not to come again, if that is asked for
     * @param counters told of everything that is found, if there are any
     */
    EventFinder(
            ResumePoint resumePoint,
            EventLimits limits,
            boolean showsComments,
            @Nullable RecentIds recent,
            @Nullable EventCounters counters) {
        this.resumePoint = resumePoint;
        this.limits = limits;
        this.showsComments = showsComments;
        this.recent = recent;
        this.counters = counters;
        resumePoint.begin();
    }

    /**
     * Goes on to the end of the next event. Afterwards {@link #used()} bytes are no longer needed; the others lead the range of the next
     * call. Between {@link #from()} and {@link #to()} lies its data.
     *
     * @param array the array the bytes lie in; what lies in the range may be overwritten
     * @param start index of the first byte not used up
     * @param end index behind the last byte
     * @return true if there is one, false if it takes more bytes
     */
    boolean next(byte[] array, int start, int end) {
        count(end - start - kept);
        dataAt = start;
        int line = start + lineStart;
        int search = start + searched;
        while (true) {
            line = behindLineFeed(array, line, end);
            int at = Math.max(line, search);
            // Every event has a line that is nothing but its end.
            int lineEnd = at < end && array[at] == '\n' ? at : LineEnds.find(array, at, end);
            if (lineEnd < 0) {
                suspend(array, start, line, end);
                return false;
            }
            lineFeedMayFollow = array[lineEnd] == '\r';
            if (passingLine) {
                passingLine = false;
                line = lineEnd + 1;
                continue;
            }
            line = behindByteOrderMark(array, line, lineEnd);
            if (line == lineEnd) {
                line = behindLineFeed(array, lineEnd + 1, end);
                if (dispatch()) {
                    pause(start, line, end);
                    return true;
                }
            } else if (readLine(array, line, lineEnd)) {
                line = behindLineFeed(array, lineEnd + 1, end);
                pause(start, line, end);
                return true;
            } else {
                line = lineEnd + 1;
            }
        }
    }

    /**
     * What was found has been emitted: a reconnection goes on behind it. Not before, for what is cut off between being found and being
     * emitted must come again.
     */
    void commit() {
        if (foundIsNew && recent != null) {
            recent.add(resumePoint.found());
        }
        foundIsNew = false;
        resumePoint.pass();
    }

    /** The same for an event behind which others have been found; its id is in the range. */
    void commit(byte[] ids, int idFrom, int idTo) {
        resumePoint.pass(ids, idFrom, idTo);
    }

    /** Bytes of the last call's range that are no longer needed once what was found has been read. */
    int used() {
        return used;
    }

    /** Whether what was found is the text of a comment and no event. */
    boolean isComment() {
        return comment;
    }

    /** Where the data of the event begins. */
    int from() {
        return from;
    }

    /** Where the data of the event ends. */
    int to() {
        return to;
    }

    /** The last event id when the event was dispatched. */
    String id() {
        return resumePoint.found();
    }

    /** How often the id has changed. */
    int idChanges() {
        return resumePoint.changes();
    }

    int idLength() {
        return resumePoint.foundLength();
    }

    void copyId(byte[] target, int at) {
        resumePoint.copyFound(target, at);
    }

    String name() {
        return foundIsNamed ? name : SseEvent.MESSAGE;
    }

    boolean isTruncated() {
        return truncated;
    }

    private void count(int arrived) {
        if (counters != null && arrived > 0) {
            counters.bytes(arrived);
            anyEventOfTheseBytes = false;
        }
    }

    private int behindLineFeed(byte[] array, int at, int end) {
        if (!lineFeedMayFollow || at == end) {
            return at;
        }
        lineFeedMayFollow = false;
        return array[at] == '\n' ? at + 1 : at;
    }

    private int behindByteOrderMark(byte[] array, int line, int lineEnd) {
        if (!atFirstLine) {
            return line;
        }
        atFirstLine = false;
        boolean marked = lineEnd - line >= 3
                && array[line] == (byte) 0xEF
                && array[line + 1] == (byte) 0xBB
                && array[line + 2] == (byte) 0xBF;
        return marked ? line + 3 : line;
    }

    /** True if the line is a comment and comments are to be seen. */
    private boolean readLine(byte[] array, int line, int lineEnd) {
        if (isOversized(array, line, lineEnd, true)) {
            readOversized(array, line, lineEnd);
            return false;
        }
        switch (array[line]) {
            case 'd' -> {
                if (isField(DATA, array, line, lineEnd)) {
                    addData(array, valueStart(DATA, array, line, lineEnd), lineEnd);
                    return false;
                }
            }
            case 'i' -> {
                if (isField(ID, array, line, lineEnd)) {
                    setId(array, line, valueStart(ID, array, line, lineEnd), lineEnd);
                    return false;
                }
            }
            case 'e' -> {
                if (isField(EVENT, array, line, lineEnd)) {
                    setName(names.get(array, valueStart(EVENT, array, line, lineEnd), lineEnd));
                    return false;
                }
            }
            case 'r' -> {
                if (isField(RETRY, array, line, lineEnd)) {
                    setRetry(array, line, valueStart(RETRY, array, line, lineEnd), lineEnd);
                    return false;
                }
            }
            case ':' -> {
                return readComment(array, line, lineEnd);
            }
            default -> {}
        }
        ignored(array, line, lineEnd);
        return false;
    }

    private static boolean isField(byte[] field, byte[] array, int line, int lineEnd) {
        int length = field.length;
        if (lineEnd - line < length || lineEnd - line > length && array[line + length] != ':') {
            return false;
        }
        for (int i = 1; i < length; i++) {
            if (array[line + i] != field[i]) {
                return false;
            }
        }
        return array[line] == field[0];
    }

    private static int valueStart(byte[] field, byte[] array, int line, int lineEnd) {
        return behindSpace(array, Math.min(line + field.length + 1, lineEnd), lineEnd);
    }

    private static int behindSpace(byte[] array, int at, int lineEnd) {
        return at < lineEnd && array[at] == ' ' ? at + 1 : at;
    }

    private void addData(byte[] array, int value, int valueEnd) {
        if (block != Block.SOUND) {
            return;
        }
        int length = valueEnd - value;
        if (data == NONE) {
            dataAt = value;
            data = length;
            return;
        }
        int behindData = dataAt + data;
        array[behindData] = '\n';
        System.arraycopy(array, value, array, behindData + 1, length);
        data += 1 + length;
    }

    private void setId(byte[] array, int line, int value, int valueEnd) {
        for (int i = value; i < valueEnd; i++) {
            if (array[i] == 0) {
                ignored(array, line, valueEnd);
                return;
            }
        }
        bringsId = true;
        resumePoint.read(array, value, valueEnd);
    }

    @SuppressWarnings("ReferenceEquality") // Another string of the same text is stored, no harm done.
    private void setName(String value) {
        isNamed = true;
        // Nearly always the same, and in an object that lives long each store of a reference has its price.
        if (name != value) {
            name = value;
        }
    }

    private void setRetry(byte[] array, int line, int value, int valueEnd) {
        long millis = 0;
        for (int i = value; i < valueEnd; i++) {
            int digit = array[i] - '0';
            if (digit < 0 || digit > 9) {
                ignored(array, line, valueEnd);
                return;
            }
            millis = Math.min(millis * 10 + digit, MAX_RETRY.toMillis());
        }
        if (value < valueEnd) {
            resumePoint.retry(Duration.ofMillis(millis));
        }
    }

    private boolean readComment(byte[] array, int line, int lineEnd) {
        if (counters != null) {
            counters.comment();
        }
        if (!showsComments) {
            return false;
        }
        comment = true;
        from = behindSpace(array, line + 1, lineEnd);
        to = lineEnd;
        return true;
    }

    /** The standard ignores such lines; whoever wonders where an event has gone may see that they came. */
    private void ignored(byte[] array, int line, int lineEnd) {
        if (counters != null) {
            counters.anomaly();
        }
        if (ignoredLines < LOGGED_LINES) {
            ignoredLines++;
            if (LOG.isDebugEnabled()) {
                int shown = Math.min(LOGGED_BYTES, lineEnd - line);
                LOG.debug(
                        "A line of an event stream is ignored, for it is no field or its value makes no sense (WHATWG HTML §9.2.6): {} bytes that begin with '{}'",
                        lineEnd - line,
                        new String(
                                array,
                                line,
                                Math.min(shown, fieldNameLength(array, line, lineEnd)),
                                StandardCharsets.US_ASCII));
            }
        }
    }

    /** What stands before a colon names something; what stands behind it may be anybody's secret. */
    private static int fieldNameLength(byte[] array, int line, int lineEnd) {
        int at = line;
        while (at < lineEnd && array[at] >= 'a' && array[at] <= 'z') {
            at++;
        }
        return at - line;
    }

    /** At a blank line: the id is in force, with or without data. True if there is an event. */
    private boolean dispatch() {
        Block ended = block;
        boolean anyData = data != NONE;
        resumePoint.enforce();
        boolean again = anyData && bringsId && recent != null && recent.contains(resumePoint.found());
        comment = false;
        from = dataAt;
        to = dataAt + data;
        foundIsNamed = isNamed;
        foundIsNew = bringsId && anyData && !again;
        truncated = ended == Block.TRUNCATED;
        isNamed = false;
        data = NONE;
        bringsId = false;
        if (ended != Block.SOUND) {
            block = Block.SOUND;
        }
        if (counters != null) {
            countBlock(ended, anyData && !again, again);
        }
        return anyData && !again;
    }

    private void countBlock(Block ended, boolean event, boolean again) {
        EventCounters counts = Objects.requireNonNull(counters);
        if (ended != Block.SOUND) {
            counts.oversized();
        }
        if (again) {
            counts.duplicate();
        }
        if (event) {
            counts.event(!anyEventOfTheseBytes);
            anyEventOfTheseBytes = true;
        }
    }

    /** Whether a line is too long: with the data before it, or by itself if it is not to fail the stream. */
    private boolean isOversized(byte[] array, int line, int lineEnd, boolean whole) {
        int length = lineEnd - line;
        if (length <= limits.lineLimit() && length <= limits.eventLimit() - Math.max(data, 0)) {
            return false;
        }
        boolean alone = length > Math.min(limits.lineLimit(), limits.eventLimit());
        // Of an unfinished line, the colon tells that it is data.
        boolean isData = (whole || length > DATA.length) && isField(DATA, array, line, lineEnd);
        return alone || limits.oversized() == Oversized.FAIL || isData && block == Block.SOUND;
    }

    /** Takes what may be taken of a line that is too long, whole or not. */
    private void readOversized(byte[] array, int line, int lineEnd) {
        boolean isData = isField(DATA, array, line, lineEnd);
        switch (limits.oversized()) {
            case FAIL ->
                throw lineEnd - line > limits.lineLimit()
                        ? EventTooLargeException.ofLine(limits.lineLimit(), resumePoint.lastEventId())
                        : EventTooLargeException.ofEvent(limits.eventLimit(), resumePoint.lastEventId());
            case SKIP -> {
                if (isData || isField(ID, array, line, lineEnd) || isField(EVENT, array, line, lineEnd)) {
                    block = Block.SKIPPED;
                    data = NONE;
                } else {
                    ignored(array, line, lineEnd);
                }
            }
            case TRUNCATE -> {
                if (isData) {
                    truncate(array, line, lineEnd);
                } else {
                    ignored(array, line, lineEnd);
                }
            }
        }
    }

    private void truncate(byte[] array, int line, int lineEnd) {
        if (block == Block.SOUND) {
            int room = Math.min(limits.lineLimit(), limits.eventLimit() - Math.max(data, 0));
            int value = valueStart(DATA, array, line, lineEnd);
            int cut = Math.max(value, Math.min(lineEnd, line + room));
            addData(array, value, Utf8.endOfCharacters(array, value, cut));
            block = Block.TRUNCATED;
        }
    }

    /** Remembers an unfinished line, and keeps no more bytes than it takes. */
    private void suspend(byte[] array, int start, int line, int end) {
        int unfinished = line;
        if (passingLine) {
            unfinished = end;
        } else if (isOversized(array, line, end, false)) {
            unfinished = end;
            readOversized(array, behindByteOrderMark(array, line, end), end);
            passingLine = true;
        }
        if (data != NONE) {
            int gap = unfinished - dataAt - data;
            // Moved only when the gap is as large as what is moved: each byte pays for one other, however the stream is
            // cut.
            if (gap >= data) {
                System.arraycopy(array, dataAt, array, unfinished - data, data);
                dataAt = unfinished - data;
            }
        }
        pause(start, unfinished, end);
        searched = end - start - used;
    }

    /** Leaves off before a line. */
    private void pause(int start, int line, int end) {
        used = (data == NONE ? line : dataAt) - start;
        lineStart = line - start - used;
        searched = lineStart;
        kept = end - start - used;
    }
}
