package dev.headrace.stream;

import dev.headrace.http.Request;
import dev.headrace.pagination.Placement;
import org.jspecify.annotations.Nullable;

/** How an API is asked for records between two positions, and in what order it gives them. */
record RequestBounds(@Nullable Placement from, @Nullable Placement until, boolean ascending, boolean clientSide) {

    static final RequestBounds NONE = new RequestBounds(null, null, false, false);

    RequestBounds from(Placement placement) {
        return new RequestBounds(placement, until, ascending, clientSide);
    }

    RequestBounds until(Placement placement) {
        return new RequestBounds(from, placement, ascending, clientSide);
    }

    RequestBounds inOrder() {
        return new RequestBounds(from, until, true, clientSide);
    }

    RequestBounds filteredHere() {
        return new RequestBounds(from, until, ascending, true);
    }

    /** Puts positions, as JSON text, where they go. */
    Request put(Request request, @Nullable String begin, @Nullable String end) {
        Request bounded = from == null || begin == null ? request : from.put(request, begin);
        return until == null || end == null ? bounded : until.put(bounded, end);
    }
}
