package dev.headrace.sse;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** How {@link EventStream#consume} hands events out. A value: every change gives a new one. */
public final class ConsumeOptions {

    private static final ConsumeOptions DEFAULTS =
            new ConsumeOptions(Defaults.CONSUME_CHUNK, Defaults.CONSUME_MAX_WAIT, Long.MAX_VALUE, null);

    private final int chunkSize;
    private final Duration maxWait;
    private final long maxEvents;
    private final @Nullable BiFunction<? super List<SseEvent>, ? super Throwable, ? extends Publisher<?>> onFailure;

    private ConsumeOptions(
            int chunkSize,
            Duration maxWait,
            long maxEvents,
            @Nullable BiFunction<? super List<SseEvent>, ? super Throwable, ? extends Publisher<?>> onFailure) {
        this.chunkSize = chunkSize;
        this.maxWait = maxWait;
        this.maxEvents = maxEvents;
        this.onFailure = onFailure;
    }

    /**
     * Chunks of up to 50 events that wait for at most a second, no limit of events, and failure at the first chunk that is not handled.
     *
     * @return the defaults
     */
    public static ConsumeOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets how many events a chunk has at most. While a chunk is handled, no more than the next one is read.
     *
     * @param events more than zero; default 50
     * @return new options
     */
    public ConsumeOptions chunkSize(int events) {
        if (events <= 0) {
            throw new IllegalArgumentException("chunkSize must be more than zero, but is " + events);
        }
        return new ConsumeOptions(events, maxWait, maxEvents, onFailure);
    }

    /**
     * Sets how long a chunk waits for more events, from its first one on.
     *
     * @param time more than zero; default 1 s
     * @return new options
     */
    public ConsumeOptions maxWait(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("maxWait must be more than zero, but is " + time);
        }
        return new ConsumeOptions(chunkSize, time, maxEvents, onFailure);
    }

    /**
     * Ends after a number of events, counted over all connections: the stream completes once they are handled.
     *
     * @param events at least zero; default no limit
     * @return new options
     */
    public ConsumeOptions maxEvents(long events) {
        if (events < 0) {
            throw new IllegalArgumentException("maxEvents must not be negative, but is " + events);
        }
        return new ConsumeOptions(chunkSize, maxWait, events, onFailure);
    }

    /**
     * Hands chunks that the handler has failed on to another: to a dead letter queue, say. If its publisher completes, the stream goes on
     * behind the chunk and the chunk counts as failed; if it errors, the stream fails.
     *
     * @param handler takes the chunk and what the first handler failed with
     * @return new options
     */
    public ConsumeOptions onFailure(
            BiFunction<? super List<SseEvent>, ? super Throwable, ? extends Publisher<?>> handler) {
        return new ConsumeOptions(chunkSize, maxWait, maxEvents, Objects.requireNonNull(handler, "handler"));
    }

    int chunkSize() {
        return chunkSize;
    }

    Duration maxWait() {
        return maxWait;
    }

    long maxEvents() {
        return maxEvents;
    }

    @Nullable
    BiFunction<? super List<SseEvent>, ? super Throwable, ? extends Publisher<?>> onFailure() {
        return onFailure;
    }

    @Override
    public String toString() {
        return "ConsumeOptions[chunks of up to " + chunkSize + " events, within " + maxWait.toMillis() + " ms"
                + (maxEvents == Long.MAX_VALUE ? "" : ", " + maxEvents + " events in all") + "]";
    }
}
