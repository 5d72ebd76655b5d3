package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * A handler has failed on a chunk of events. The kind is that of its failure, or {@link FailureKind#PERMANENT} if that has none.
 */
public final class EventHandlingException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient String lastHandledId;
    private final transient String failedFrom;
    private final transient String failedTo;

    EventHandlingException(String lastHandledId, String failedFrom, String failedTo, int events, Throwable cause) {
        super(
                cause instanceof HeadraceException known ? known.kind() : FailureKind.PERMANENT,
                "The handler failed on " + events + " events with ids from '" + EventText.shown(failedFrom) + "' to '"
                        + EventText.shown(failedTo) + "'; the last event handled has the id '"
                        + EventText.shown(lastHandledId) + "', from which lastEventId goes on",
                cause);
        this.lastHandledId = lastHandledId;
        this.failedFrom = failedFrom;
        this.failedTo = failedTo;
    }

    /**
     * Where the stream stood, to go on from by {@link EventStream#lastEventId(String)}.
     *
     * @return id of the last event that was handled; what the stream began with if none was
     */
    public String lastHandledId() {
        return lastHandledId;
    }

    /**
     * Id of the first event of the chunk.
     *
     * @return the id; empty if it had none
     */
    public String failedFrom() {
        return failedFrom;
    }

    /**
     * Id of the last event of the chunk.
     *
     * @return the id; empty if it had none
     */
    public String failedTo() {
        return failedTo;
    }
}
