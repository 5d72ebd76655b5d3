package dev.headrace.pagination;

import dev.headrace.decode.Captures;
import dev.headrace.http.Request;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A pagination put together from its three parts. */
record CapturingPagination(Captures captures, UnaryOperator<Request> preparation, Pagination naming)
        implements Pagination {

    /** Another's captures and preparation, with more of the first and another way to go on. */
    static Pagination around(Pagination inner, Captures more, Pagination naming) {
        return new CapturingPagination(inner.captures().and(more), inner::first, naming);
    }

    @Override
    public Request first(Request request) {
        return preparation.apply(request);
    }

    @Override
    public Optional<Request> next(PageEnd end) {
        return naming.next(end);
    }
}
