package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * The data of an event is not what it was to be read as. {@link FailureKind#UNTRUSTED_DATA}: it would come again, so there is no
 * reconnection. {@link EventStream#decoded} goes on instead and keeps the text.
 */
public final class EventDataException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient String id;
    private final transient String event;

    EventDataException(String id, String event, RuntimeException cause) {
        super(
                FailureKind.UNTRUSTED_DATA,
                "The data of the event '" + event + "' with id '" + id + "' cannot be read: " + cause.getMessage()
                        + "; decoded(…) keeps such events and goes on",
                cause);
        this.id = id;
        this.event = event;
    }

    /**
     * The last event id when the event was dispatched.
     *
     * @return the id; empty if there was none
     */
    public String id() {
        return id;
    }

    /**
     * The event's name.
     *
     * @return the name
     */
    public String event() {
        return event;
    }
}
