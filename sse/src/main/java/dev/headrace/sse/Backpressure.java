package dev.headrace.sse;

import dev.headrace.Defaults;

/** What becomes of a stream whose consumer is slower than its source. A closed choice. */
public final class Backpressure {

    private static final int NO_BUFFER = 0;
    private static final Backpressure BLOCK = new Backpressure(NO_BUFFER);

    private final int capacity;

    private Backpressure(int capacity) {
        this.capacity = capacity;
    }

    /**
     * The source waits: what is not asked for is not read, TCP's window closes, and nothing is lost here. No event waits in a buffer of ours;
     * at most one chunk of bytes does. The default.
     *
     * @return the policy
     */
    public static Backpressure block() {
        return BLOCK;
    }

    /**
     * The consumer gets the newest events: up to 500 wait for it, and each further one pushes the oldest out.
     *
     * @return the policy
     */
    public static Backpressure dropOldest() {
        return dropOldest(Defaults.DROP_OLDEST_BUFFER);
    }

    /**
     * The consumer gets the newest events: some wait for it, and each further one pushes the oldest out. Everything the server sends is read
     * as it comes, by Reactor's {@code onBackpressureBuffer}.
     *
     * <p>No loss is silent: the event behind a gap says how many are missing and between which ids ({@link SseEvent#loss()}), and
     * {@link EventStats#dropped()} and {@link ConsumeSummary#dropped()} have the sum. A failure or the end of the stream comes after what
     * waits. Signals that are no events ({@link EventStream#signals()}) take places in the buffer too and may be dropped; they are not
     * counted.
     *
     * @param capacity how many wait; at least 1
     * @return the policy
     */
    public static Backpressure dropOldest(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, but is " + capacity);
        }
        return new Backpressure(capacity);
    }

    boolean drops() {
        return capacity != NO_BUFFER;
    }

    int capacity() {
        return capacity;
    }

    @Override
    public String toString() {
        return drops() ? "dropOldest(" + capacity + ")" : "block()";
    }
}
