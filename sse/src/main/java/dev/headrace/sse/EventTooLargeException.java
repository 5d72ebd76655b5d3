package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * An event is larger than what was to be held in memory. {@link FailureKind#UNTRUSTED_DATA}: a reconnection would meet the same
 * event again, so there is none, unless {@link EventLimits} say to go past it.
 */
public final class EventTooLargeException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient int limit;
    private final transient String lastEventId;

    private EventTooLargeException(String what, int limit, String setting, String lastEventId) {
        super(
                FailureKind.UNTRUSTED_DATA,
                what + " is larger than " + limit + " bytes; raise EventLimits." + setting
                        + " if such events are to be read, or skip or truncate them",
                null);
        this.limit = limit;
        this.lastEventId = lastEventId;
    }

    static EventTooLargeException ofEvent(int limit, String lastEventId) {
        return new EventTooLargeException("An event", limit, "event", lastEventId);
    }

    static EventTooLargeException ofLine(int limit, String lastEventId) {
        return new EventTooLargeException("A line of an event stream", limit, "line", lastEventId);
    }

    /**
     * The bytes that were allowed.
     *
     * @return the limit
     */
    public int limit() {
        return limit;
    }

    /**
     * Where the stream stood: the id of the last complete block before the event.
     *
     * @return the id; empty if there was none
     */
    public String lastEventId() {
        return lastEventId;
    }
}
