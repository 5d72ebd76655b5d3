package dev.headrace.connector;

import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.json.DecodingException;
import dev.headrace.pagination.PageEnd;
import dev.headrace.pagination.PageGuard;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * One reading of an endpoint, page after page, for one subscriber.
 *
 * <p>{@code expand} runs over pages that have not been read yet, not over their items: a page in hand costs nothing, its request leaves
 * when the first of its items is asked for, and its successor is named only when it has been read to its end. So demand is exact, also at
 * the boundary between two pages, and nothing is queued for each item.
 *
 * @param <T> the type of the items
 */
final class Pages<T> {

    private final Connector connector;
    private final Endpoint<T> endpoint;
    private final Connector.Prepared first;
    private final PageGuard guard;

    Pages(Connector connector, Endpoint<T> endpoint, Connector.Prepared first, PageGuard guard) {
        this.connector = connector;
        this.endpoint = endpoint;
        this.first = first;
        this.guard = guard;
    }

    Flux<T> records() {
        // Prefetch 0: with the default, a reader of one record would ask for 32 pages.
        return Flux.just(new Page(first, 1)).expand(Page::next).concatMap(Page::records, 0);
    }

    private final class Page {

        private final Connector.Prepared prepared;
        private final Request request;
        private final int number;
        private long items;
        private @Nullable Response head;

        Page(Connector.Prepared prepared, int number) {
            this.prepared = prepared;
            this.request = prepared.request();
            this.number = number;
        }

        Flux<T> records() {
            return prepared.call(this::read).doOnNext(item -> items++);
        }

        private Flux<T> read(Response response) {
            if (!response.isSuccessful()) {
                return HttpStatusException.from(response.request(), response).flatMapMany(Flux::error);
            }
            head = response;
            // 204 and 205 say that there is no content (RFC 9110 §15.3.5), so there is no document to be incomplete.
            return response.status() == 204 || response.status() == 205
                    ? Flux.empty()
                    : endpoint.decoder()
                            .decode(response)
                            .onErrorMap(DecodingException.class, error -> error.from(request.describe()));
        }

        /** Generated, for expand subscribes before this page has been read, but asks only afterwards. */
        Flux<Page> next() {
            return Flux.generate(sink -> {
                following().ifPresent(sink::next);
                sink.complete();
            });
        }

        private Optional<Page> following() {
            Response read = Objects.requireNonNull(head);
            PageEnd end = new PageEnd(
                    request.withSecretsOf(read.request()), read.uri(), read.status(), read.headers(), number, items);
            return endpoint.pagination().next(end).map(named -> {
                Connector.Prepared next = connector.prepare(named);
                guard.check(end, next.request());
                return new Page(next, number + 1);
            });
        }
    }
}
