package dev.headrace.sse;

import dev.headrace.decode.ByteWindow;
import dev.headrace.decode.PullParser;
import org.jspecify.annotations.Nullable;

/** One connection's events, each made when it is asked for. */
final class EventParser<T> implements PullParser<T> {

    private final EventFinder finder;
    private final EventShape<? extends T> shape;

    EventParser(EventFinder finder, EventShape<? extends T> shape) {
        this.finder = finder;
        this.shape = shape;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        // Whoever asks for more has emitted what was found before.
        finder.commit();
        byte[] array = bytes.array();
        int start = bytes.start();
        boolean found = finder.next(array, start, bytes.end());
        T item = found ? shape.of(finder, array) : null;
        if (!found) {
            // Blocks without data, which nobody waits for.
            finder.commit();
        }
        bytes.startAt(start + finder.used());
        return item;
    }
}
