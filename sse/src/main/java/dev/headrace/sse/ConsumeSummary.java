package dev.headrace.sse;

import java.util.Objects;

/**
 * What {@link EventStream#consume} has done when the stream has completed.
 *
 * @param processed events that the handler has handled
 * @param chunks chunks that it has handled
 * @param failed events of chunks that went to the handler of failures instead
 * @param dropped events that {@link Backpressure#dropOldest} has dropped, those at the tail included
 * @param chunkSize the size of a chunk, as it was set
 * @param lastEventId id of the last event that was handled, one way or the other; empty if there was none
 */
public record ConsumeSummary(
        long processed, long chunks, long failed, long dropped, int chunkSize, String lastEventId) {

    /**
     * Checks the id.
     *
     * @param processed as {@link #processed()}
     * @param chunks as {@link #chunks()}
     * @param failed as {@link #failed()}
     * @param dropped as {@link #dropped()}
     * @param chunkSize as {@link #chunkSize()}
     * @param lastEventId as {@link #lastEventId()}
     */
    public ConsumeSummary {
        Objects.requireNonNull(lastEventId, "lastEventId");
    }
}
