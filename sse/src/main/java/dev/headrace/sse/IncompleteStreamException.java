package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;

/**
 * A stream ended without the event that completes it, although {@link EventStream#requireCompletion()} was set.
 * {@link FailureKind#UNTRUSTED_DATA}: what was emitted is only the beginning.
 */
public final class IncompleteStreamException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient String lastEventId;

    IncompleteStreamException(Request request, String lastEventId) {
        super(
                FailureKind.UNTRUSTED_DATA,
                request,
                "the stream ended without the event that completes it; what came is cut short",
                null);
        this.lastEventId = lastEventId;
    }

    /**
     * Where the stream stood, to go on from by {@link EventStream#lastEventId(String)}.
     *
     * @return the last id; empty if there was none
     */
    public String lastEventId() {
        return lastEventId;
    }
}
