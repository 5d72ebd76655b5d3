package dev.headrace.pagination;

import dev.headrace.http.Request;
import java.util.Optional;

/**
 * Names the request for the page that follows. Stateless and shared: what it needs comes with the {@link PageEnd}.
 */
@FunctionalInterface
public interface Pagination {

    /**
     * The request for the page after one that has been read.
     *
     * @param end how that page ended
     * @return the next request, or empty after the last page
     * @throws PaginationException if the page's end cannot be understood
     */
    Optional<Request> next(PageEnd end);

    /**
     * One page and no more.
     *
     * @return the pagination
     */
    static Pagination none() {
        return end -> Optional.empty();
    }

    /**
     * The link with relation {@code next} in the {@code Link} header (RFC 8288); relative targets refer to the page's own URI. A page
     * without one is the last.
     *
     * @return the pagination
     */
    static Pagination linkHeader() {
        return end -> Links.parse(end.headers().all("Link")).stream()
                .filter(link -> link.hasRelation("next"))
                .findFirst()
                .map(link -> end.request().at(link.resolve(end.uri())));
    }
}
