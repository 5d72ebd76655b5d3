package dev.headrace.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who asked how a body ended, once, at once if it has ended already. Shared by all views of one response. */
final class BodyEnding {

    private static final Logger LOG = LoggerFactory.getLogger(BodyEnding.class);

    private List<Consumer<? super BodyEnd>> waiting = List.of();
    private @Nullable BodyEnd end;

    private BodyEnding(@Nullable BodyEnd end) {
        this.end = end;
    }

    static BodyEnding open() {
        return new BodyEnding(null);
    }

    /** For a response that holds no connection. */
    static BodyEnding past() {
        return new BodyEnding(new BodyEnd(BodyEnd.How.READ, 0, null));
    }

    synchronized boolean isPast() {
        return end != null;
    }

    void whenEnded(Consumer<? super BodyEnd> action) {
        BodyEnd known;
        synchronized (this) {
            known = end;
            if (known == null) {
                if (waiting.isEmpty()) {
                    waiting = new ArrayList<>(2);
                }
                waiting.add(action);
                return;
            }
        }
        tell(action, known);
    }

    void ended(BodyEnd how) {
        List<Consumer<? super BodyEnd>> told;
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = how;
            told = waiting;
            waiting = List.of();
        }
        told.forEach(action -> tell(action, how));
    }

    /** Whoever throws must neither keep the others from hearing nor the reader from its end. */
    private static void tell(Consumer<? super BodyEnd> action, BodyEnd how) {
        try {
            action.accept(how);
        } catch (RuntimeException e) {
            LOG.warn("What was to happen at the end of a response failed", e);
        }
    }
}
