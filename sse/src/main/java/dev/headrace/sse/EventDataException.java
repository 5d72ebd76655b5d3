package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.DecodingException;
import org.jspecify.annotations.Nullable;

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
                "The data of the event '" + EventText.shown(event) + "' with id '" + EventText.shown(id)
                        + "' cannot be read: " + problem(cause) + "; decoded(…) keeps such events and goes on",
                cause);
        this.id = id;
        this.event = event;
    }

    /** What a codec of somebody's own says may quote the data. */
    private static @Nullable String problem(RuntimeException cause) {
        return cause instanceof DecodingException
                ? cause.getMessage()
                : "the codec failed with " + cause.getClass().getName();
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
