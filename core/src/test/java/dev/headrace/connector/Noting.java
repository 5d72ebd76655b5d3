package dev.headrace.connector;

import dev.headrace.decode.Captures;
import dev.headrace.http.Request;
import dev.headrace.pagination.PageEnd;
import dev.headrace.pagination.Pagination;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells one reader of a value that pages have beside their items: what a user writes to get at a delta link, a sync token, the id of a PIT. */
record Noting(Pagination inner, String pointer, Consumer<String> reader) implements Pagination {

    @Override
    public Captures captures() {
        return inner.captures().and(Captures.none().value(pointer));
    }

    @Override
    public Request first(Request request) {
        return inner.first(request);
    }

    @Override
    public Optional<Request> next(PageEnd end) {
        end.value(pointer).ifPresent(value -> reader.accept(value.asString()));
        return inner.next(end);
    }
}
