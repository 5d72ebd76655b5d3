package dev.headrace.sse;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks at each event for the one that completes the stream ({@link EventStream#completeWhen}). Belongs to one subscription. */
final class CompletingShape<T> implements EventShape<Object> {

    /** Stands for a last event that is a mark and no value of the reader's. */
    private static final Object MARK = new Object();

    private final EventShape<T> shape;
    private final Predicate<? super SseEvent> last;
    private boolean completed;

    CompletingShape(EventShape<T> shape, Predicate<? super SseEvent> last) {
        this.shape = shape;
        this.last = last;
    }

    @Override
    public Object of(EventFinder found, byte[] array) {
        if (found.isComment()) {
            return shape.of(found, array);
        }
        SseEvent event = EventShape.event(found, array);
        completed = last.test(event);
        T element;
        try {
            element = shape.of(event, found, array);
        } catch (EventDataException e) {
            if (completed && !EventShape.isJson(event.data())) {
                return MARK;
            }
            throw e;
        }
        boolean unread =
                element instanceof DecodedEvent<?> decoded && decoded.failure().isPresent();
        return completed && unread && !EventShape.isJson(event.data()) ? MARK : element;
    }

    @Override
    public @Nullable Object signal(EventSignal signal) {
        return shape.signal(signal);
    }

    @Override
    public boolean showsSignals() {
        return shape.showsSignals();
    }

    boolean isCompleted() {
        return completed;
    }

    static boolean isValue(Object element) {
        return element != MARK;
    }
}
