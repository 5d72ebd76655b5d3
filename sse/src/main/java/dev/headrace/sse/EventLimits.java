package dev.headrace.sse;

import dev.headrace.Defaults;

/**
 * How large an event may be, and what becomes of one that is larger. A value: every change gives a new one.
 *
 * <p>Memory for one stream stays within a few times the limit of an event, whatever the server sends: bytes of an unfinished line count as
 * they come.
 *
 * <p>A stream that fails at an oversized event does not reconnect, for it would meet the same event again. {@link #skipping()} and
 * {@link #truncating()} go past it; each such event is counted in {@link EventStats#oversized()}.
 */
public final class EventLimits {

    enum Oversized {
        FAIL,
        SKIP,
        TRUNCATE
    }

    private static final EventLimits DEFAULTS =
            new EventLimits(Defaults.EVENT_LIMIT, Integer.MAX_VALUE, Oversized.FAIL);

    private final int eventLimit;
    private final int lineLimit;
    private final Oversized oversized;

    private EventLimits(int eventLimit, int lineLimit, Oversized oversized) {
        this.eventLimit = eventLimit;
        this.lineLimit = lineLimit;
        this.oversized = oversized;
    }

    /**
     * Events of up to 8 MiB, lines as long as their event; the stream fails at a larger one.
     *
     * @return the defaults
     */
    public static EventLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the size of an event: its data so far and the line being read, field names included.
     *
     * @param bytes more than zero; {@link Integer#MAX_VALUE} for no limit but that of an array; default 8 MiB
     * @return new limits
     */
    public EventLimits event(int bytes) {
        return new EventLimits(positive("event", bytes), lineLimit, oversized);
    }

    /**
     * Sets the length of a line, without its end; that of an event counts as well.
     *
     * @param bytes more than zero; default {@link Integer#MAX_VALUE}, so that only the limit of the event counts
     * @return new limits
     */
    public EventLimits line(int bytes) {
        return new EventLimits(eventLimit, positive("line", bytes), oversized);
    }

    /**
     * Fails the stream at an oversized event, with {@link EventTooLargeException}. The default.
     *
     * @return new limits
     */
    public EventLimits failing() {
        return new EventLimits(eventLimit, lineLimit, Oversized.FAIL);
    }

    /**
     * Leaves oversized events out. Their ids count: a reconnection goes on behind them. A comment or an unknown field that is too long is
     * ignored as if it were not; its event is not left out.
     *
     * @return new limits
     */
    public EventLimits skipping() {
        return new EventLimits(eventLimit, lineLimit, Oversized.SKIP);
    }

    /**
     * Cuts the data of oversized events to what fits, between two characters; {@link SseEvent#truncated()} says so. Ids and names that
     * are too long are ignored. Not for {@link EventStream#events(Class)} and its like: JSON that was cut cannot be read and fails the
     * stream.
     *
     * @return new limits
     */
    public EventLimits truncating() {
        return new EventLimits(eventLimit, lineLimit, Oversized.TRUNCATE);
    }

    int eventLimit() {
        return eventLimit;
    }

    int lineLimit() {
        return lineLimit;
    }

    Oversized oversized() {
        return oversized;
    }

    private static int positive(String setting, int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(setting + " must be more than zero, but is " + bytes);
        }
        return bytes;
    }

    @Override
    public String toString() {
        return "EventLimits[events of up to " + eventLimit + " bytes, lines of up to " + Math.min(lineLimit, eventLimit)
                + " bytes, " + oversized + "]";
    }
}
