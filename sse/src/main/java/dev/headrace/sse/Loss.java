package dev.headrace.sse;

import java.util.Objects;

/**
 * Events that {@link Backpressure#dropOldest} has dropped because the consumer was too slow: a gap in the stream.
 *
 * @param count how many; at least 1
 * @param after id of the last event before the gap; empty if there was none
 * @param before id of the first event behind it
 */
public record Loss(long count, String after, String before) {

    /**
     * Checks that something is missing.
     *
     * @param count as {@link #count()}
     * @param after as {@link #after()}
     * @param before as {@link #before()}
     */
    public Loss {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, but is " + count);
        }
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(before, "before");
    }
}
