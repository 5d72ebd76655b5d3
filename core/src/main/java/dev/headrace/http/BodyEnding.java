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

    /** Nearly always no more than two. */
    private @Nullable Consumer<? super BodyEnd> first;

    private @Nullable Consumer<? super BodyEnd> second;
    private List<Consumer<? super BodyEnd>> others = List.of();
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
                add(action);
                return;
            }
        }
        tell(action, known);
    }

    private void add(Consumer<? super BodyEnd> action) {
        if (first == null) {
            first = action;
        } else if (second == null) {
            second = action;
        } else {
            if (others.isEmpty()) {
                others = new ArrayList<>(2);
            }
            others.add(action);
        }
    }

    void ended(BodyEnd how) {
        Consumer<? super BodyEnd> one;
        Consumer<? super BodyEnd> two;
        List<Consumer<? super BodyEnd>> more;
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = how;
            one = first;
            two = second;
            more = others;
            first = null;
            second = null;
            others = List.of();
        }
        if (one != null) {
            tell(one, how);
        }
        if (two != null) {
            tell(two, how);
        }
        for (Consumer<? super BodyEnd> action : more) {
            tell(action, how);
        }
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
