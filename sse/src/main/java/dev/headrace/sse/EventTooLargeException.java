package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * An event is larger than what was to be held in memory. {@link FailureKind#UNTRUSTED_DATA}: a reconnection would meet the same
 * event again, so there is none.
 */
public final class EventTooLargeException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient int limit;
    private final transient String lastEventId;

    EventTooLargeException(int limit, String lastEventId) {
        super(
                FailureKind.UNTRUSTED_DATA,
                "An event is larger than " + limit + " bytes; raise eventLimit if such events are to be read",
                null);
        this.limit = limit;
        this.lastEventId = lastEventId;
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
