package dev.headrace.sse;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;

/**
 * {@link Backpressure#dropOldest} for one subscription: what comes is numbered, then buffered, then looked at for gaps. Numbers are given and
 * gaps found one after the other on each side of the buffer, so neither needs a guard. What was lost before it came here counts too.
 *
 * <p>The buffer lies behind the reconnections: what waits in it stays there over a break, so a connection goes on behind the last event that
 * was put in.
 */
final class NewestEvents<T> {

    private final int capacity;
    private final @Nullable EventCounters counters;
    private final Runnable onDrop;
    private long numbered;
    private long delivered;
    private String lastId;

    /** An element and how many events there were up to it. */
    private record Numbered<T>(long number, T element) {}

    NewestEvents(int capacity, String firstEventId, @Nullable EventCounters counters, Runnable onDrop) {
        this.capacity = capacity;
        this.lastId = firstEventId;
        this.counters = counters;
        this.onDrop = onDrop;
    }

    Flux<T> of(Flux<T> source) {
        return OnFirstRequest.of(source.map(this::number)
                .onBackpressureBuffer(capacity, this::dropped, BufferOverflowStrategy.DROP_OLDEST)
                .map(this::element));
    }

    private Numbered<T> number(T element) {
        if (!isSignal(element)) {
            SseEvent event = eventOf(element);
            Loss before = event == null ? null : event.loss();
            numbered += before == null ? 1 : 1 + before.count();
        }
        return new Numbered<>(numbered, element);
    }

    private void dropped(Numbered<T> oldest) {
        if (!isSignal(oldest.element())) {
            if (counters != null) {
                counters.dropped();
            }
            onDrop.run();
        }
    }

    @SuppressWarnings("unchecked") // An event stays an event.
    private T element(Numbered<T> next) {
        if (isSignal(next.element())) {
            return next.element();
        }
        long missing = next.number() - delivered - 1;
        delivered = next.number();
        T element = next.element();
        SseEvent event = eventOf(element);
        if (event == null) {
            return element;
        }
        Loss gap = missing == 0 ? null : new Loss(missing, lastId, event.id());
        lastId = event.id();
        if (gap == null) {
            return element;
        }
        return (T) (element instanceof DecodedEvent<?> decoded ? decoded.behind(gap) : event.behind(gap));
    }

    private static @Nullable SseEvent eventOf(Object element) {
        if (element instanceof DecodedEvent<?> decoded) {
            return decoded.event();
        }
        return element instanceof SseEvent event ? event : null;
    }

    /** Signals between the events are buffered too, but nobody misses one. */
    private static boolean isSignal(Object element) {
        return element instanceof EventSignal && !(element instanceof SseEvent);
    }
}
