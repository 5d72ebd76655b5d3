package dev.headrace.pagination;

import dev.headrace.decode.Captures;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Names the request for the page that follows. Stateless and shared: what it needs comes with the {@link PageEnd}, and what of a page it
 * needs it says beforehand, so that it can be kept while the page streams by.
 *
 * <p>The ready-made ones trust what a page says and never its size: a short or empty page with a token is followed by another. A token that is
 * {@code null}, absent, an empty text, list or object, or {@code false} is none. They work with any method, and with tokens in bodies.
 *
 * <pre>{@code
 * Pagination.linkHeader()                                                              // GitHub, Shopify
 * Pagination.cursor("/response_metadata/next_cursor", Placement.query("cursor"))       // Slack
 * Pagination.lastItem("/id", Placement.query("starting_after")).whileTrue("/has_more") // Stripe
 * Pagination.nextUrl("/@odata.nextLink")                                               // Microsoft Graph
 * Pagination.lastItem("/sort", Placement.body("/search_after"))                        // Elasticsearch
 *         .carrying("/pit_id", Placement.body("/pit/id"))
 * Pagination.relay("/data/repository/issues")                                          // GraphQL
 * Pagination.offset("skip").pageSize("limit", 100).lastWhen(end -> end.itemsInAll() >= 1_000)
 * }</pre>
 */
@FunctionalInterface
public interface Pagination {

    /**
     * The request for the page after one that has been seen to its end.
     *
     * <p>Called once for each page, on the thread that reads it, perhaps before its items have been delivered; must not block.
     *
     * @param end how that page ended
     * @return the next request, made from {@link PageEnd#request()}, or empty after the last page
     * @throws PaginationException if the page's end cannot be understood
     */
    Optional<Request> next(PageEnd end);

    /**
     * What of every page is to be kept for {@link #next}.
     *
     * @return places of values and whether the last item is needed; by default nothing
     */
    default Captures captures() {
        return Captures.none();
    }

    /**
     * Prepares the request for the first page.
     *
     * @param request the endpoint's
     * @return the request with what the first page needs; by default as it is
     */
    default Request first(Request request) {
        return request;
    }

    /**
     * One page and no more.
     *
     * @return the pagination
     */
    static Pagination none() {
        return end -> Optional.empty();
    }

    /**
     * A pagination of one's own that looks into pages.
     *
     * @param captures what of every page is to be kept
     * @param next names the request for the next page, or none
     * @return the pagination
     */
    static Pagination of(Captures captures, Function<? super PageEnd, Optional<Request>> next) {
        return new CapturingPagination(captures, request -> request, next::apply);
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
                .map(link -> end.request().at(link.resolve(end)));
    }

    /**
     * The next page's URL in the page itself; a relative one refers to the page's own URI (RFC 3986 §5). It is taken as it is: nothing in it
     * is encoded again, and the query of the request before is not added.
     *
     * @param pointer where the URL is, such as {@code /paging/next} or {@code /@odata.nextLink}
     * @return the pagination
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static Pagination nextUrl(String pointer) {
        return of(
                Captures.none().value(pointer),
                end -> PageEnd.token(end.json(pointer))
                        .map(json -> end.request().at(NextUrl.resolve(end, pointer, json))));
    }

    /**
     * A cursor or token in the page, to be sent with the next request.
     *
     * @param pointer where it is, such as {@code /meta/next_cursor}
     * @param placement where it goes, such as {@code Placement.query("cursor")}
     * @return the pagination
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static Pagination cursor(String pointer, Placement placement) {
        return of(
                Captures.none().value(pointer),
                end -> PageEnd.token(end.json(pointer)).map(json -> placement.put(end.request(), json)));
    }

    /**
     * A cursor or token in a header of the response, to be sent with the next request.
     *
     * @param header its name, such as {@code X-Next-Cursor}; a page without it, or where it is empty, is the last
     * @param placement where it goes
     * @return the pagination
     */
    static Pagination headerCursor(String header, Placement placement) {
        return end -> end.headers()
                .first(header)
                .filter(token -> !token.isEmpty())
                .map(token -> placement.put(end.request(), Json.writeText(token)));
    }

    /**
     * A value of the last item, to be sent with the next request; an empty page is the last one, unless {@link #whileTrue} says otherwise.
     * Values of several parts, such as sort keys, are sent as they came.
     *
     * @param pointer where in an item the value is, such as {@code /id}
     * @param placement where it goes, such as {@code Placement.query("starting_after")}
     * @return the pagination; it fails where the last item does not have the value
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static Pagination lastItem(String pointer, Placement placement) {
        Pointer.of(pointer);
        Captures lastItem = Captures.none().withLastItem();
        return of(
                lastItem,
                end -> end.items() == 0
                        ? Optional.empty()
                        : Optional.of(placement.put(
                                end.request(),
                                end.lastItem(pointer)
                                        .orElseThrow(() -> PaginationException.untrusted(
                                                "The last item of page " + end.number() + " has no '" + pointer
                                                        + "' to go on from",
                                                null)))));
    }

    /**
     * A page number in a query parameter, counted from 1; an empty page is the last one.
     *
     * @param parameter its name, such as {@code page}; the first request has it too
     * @return the pagination
     */
    static Pagination pageNumber(String parameter) {
        return pageNumber(Placement.query(parameter), 1);
    }

    /**
     * A page number; an empty page is the last one, unless {@link #whileTrue} or {@link #lastWhen} says it before.
     *
     * @param placement where it goes; the first request has it too
     * @param first the first page's number, usually 0 or 1
     * @return the pagination
     */
    static Pagination pageNumber(Placement placement, int first) {
        return new CapturingPagination(
                Captures.none(),
                request -> placement.put(request, Integer.toString(first)),
                end -> end.items() == 0
                        ? Optional.empty()
                        : Optional.of(placement.put(end.request(), Long.toString((long) first + end.number()))));
    }

    /**
     * The number of items to pass over, in a query parameter, from 0; an empty page is the last one.
     *
     * @param parameter its name, such as {@code offset}; the first request has it too
     * @return the pagination
     */
    static Pagination offset(String parameter) {
        return offset(Placement.query(parameter), 0);
    }

    /**
     * The number of items to pass over; an empty page is the last one, unless {@link #whileTrue} or {@link #lastWhen} says it before. It grows
     * by as many as came, not as were asked for: a server may give fewer.
     *
     * @param placement where it goes; the first request has it too
     * @param first the first page's offset, usually 0
     * @return the pagination
     */
    static Pagination offset(Placement placement, long first) {
        return new CapturingPagination(
                Captures.none(),
                request -> placement.put(request, Long.toString(first)),
                end -> end.items() == 0
                        ? Optional.empty()
                        : Optional.of(placement.put(end.request(), Long.toString(first + end.itemsInAll()))));
    }

    /**
     * A connection of GraphQL in the manner of Relay (GraphQL Cursor Connections): {@code pageInfo} has {@code hasNextPage} and
     * {@code endCursor}, which goes to the query's variable {@code after}. A next page without a cursor is an error.
     *
     * @param connection where the connection is, such as {@code /data/repository/issues}
     * @return the pagination, for a {@code POST} of {@code query} and {@code variables}
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static Pagination relay(String connection) {
        return cursor(connection + "/pageInfo/endCursor", Placement.body("/variables/after"))
                .whileTrue(connection + "/pageInfo/hasNextPage");
    }

    /**
     * The same, ended by a value in the page that says whether there are more: {@code null}, absent, empty or {@code false} ends it. While it
     * says that there are, a page that names no next one is an error.
     *
     * @param pointer where it is, such as {@code /has_more}
     * @return a new pagination
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    default Pagination whileTrue(String pointer) {
        return CapturingPagination.around(this, Captures.none().value(pointer), end -> {
            if (PageEnd.token(end.json(pointer)).isEmpty()) {
                return Optional.empty();
            }
            Optional<Request> next = next(end);
            if (next.isEmpty()) {
                throw PaginationException.untrusted(
                        "Page " + end.number() + " says by '" + pointer
                                + "' that there are more, but names no next page; the records so far are not all",
                        null);
            }
            return next;
        });
    }

    /**
     * The same, ended by a page of which something else is true, such as {@code end -> end.itemsInAll() >= 10_000}.
     *
     * @param last says whether a page is the last one; called as {@link #next} is
     * @return a new pagination
     */
    default Pagination lastWhen(Predicate<? super PageEnd> last) {
        return CapturingPagination.around(this, Captures.none(), end -> last.test(end) ? Optional.empty() : next(end));
    }

    /**
     * The same, with another value of every page sent with the next request, such as an id that the remote changes from page to page. Where a
     * page does not have it, the one before stays.
     *
     * @param pointer where it is
     * @param placement where it goes
     * @return a new pagination
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    default Pagination carrying(String pointer, Placement placement) {
        return CapturingPagination.around(
                this,
                Captures.none().value(pointer),
                end -> next(end)
                        .map(request -> PageEnd.token(end.json(pointer))
                                .map(json -> placement.put(request, json))
                                .orElse(request)));
    }

    /**
     * The same, with one more value of every page captured, so that {@link PageEnd#value} has it; it decides nothing about the next page.
     *
     * @param pointer where it is, such as {@code /nextSyncToken}
     * @return a new pagination
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    default Pagination capturing(String pointer) {
        return CapturingPagination.around(this, Captures.none().value(pointer), this);
    }

    /**
     * The same, with a wish for so many items on a page. It never decides about the end: a remote may give fewer.
     *
     * @param parameter the query parameter that takes it, such as {@code per_page}
     * @param items at least 1
     * @return a new pagination
     * @throws IllegalArgumentException if the number is less than 1
     */
    default Pagination pageSize(String parameter, int items) {
        return pageSize(Placement.query(parameter), items);
    }

    /**
     * The same, with a wish for so many items on a page.
     *
     * @param placement where it goes
     * @param items at least 1
     * @return as {@link #pageSize(String, int)}
     * @throws IllegalArgumentException if the number is less than 1
     */
    default Pagination pageSize(Placement placement, int items) {
        if (items < 1) {
            throw new IllegalArgumentException("pageSize must be at least 1, but is " + items);
        }
        return new CapturingPagination(
                captures(), request -> placement.put(first(request), Integer.toString(items)), this);
    }
}
