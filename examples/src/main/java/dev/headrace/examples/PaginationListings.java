package dev.headrace.examples;

import static java.time.Duration.ofMinutes;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Captures;
import dev.headrace.http.Body;
import dev.headrace.http.Request;
import dev.headrace.pagination.OnRepeat;
import dev.headrace.pagination.PageElement;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The listings of the guide to pagination. */
final class PaginationListings {

    private PaginationListings() {}

    static Flux<JsonNode> smallest(Connector api) {
        Endpoint<JsonNode> channels = Endpoint.get("/conversations.list")
                .at("/channels")
                .paginate(Pagination.cursor("/response_metadata/next_cursor", Placement.query("cursor")));
        return api.records(channels);
    }

    static List<Pagination> readyMade() {
        return List.of(
                Pagination.linkHeader(),
                Pagination.nextUrl("/@odata.nextLink"),
                Pagination.cursor("/response_metadata/next_cursor", Placement.query("cursor")),
                Pagination.headerCursor("X-Next-Cursor", Placement.query("cursor")),
                Pagination.lastItem("/id", Placement.query("starting_after")).whileTrue("/has_more"),
                Pagination.pageNumber("page"),
                Pagination.offset("skip").pageSize("limit", 100),
                Pagination.relay("/data/repository/issues"));
    }

    static List<Placement> placements() {
        return List.of(
                Placement.query("cursor"), // ?cursor=…, in place of every parameter of that name
                Placement.header("X-Cursor"),
                Placement.body("/variables/after"), // in the JSON body; the rest of it stays
                Placement.variable("page")); // {page} in the path or in a body's template
    }

    static Endpoint<JsonNode> graphql() {
        String query = """
                query ($owner: String!, $name: String!, $after: String) {
                  repository(owner: $owner, name: $name) {
                    issues(first: 100, after: $after) {
                      nodes { number title }
                      pageInfo { hasNextPage endCursor }
                    }
                  }
                }""";
        Endpoint<JsonNode> issues = Endpoint.of(Request.post("/graphql")
                        .json(Map.of("query", query, "variables", Map.of("owner", "reactor", "name", "reactor-core"))))
                .at("/data/repository/issues/nodes")
                .paginate(Pagination.relay("/data/repository/issues"));
        return issues;
    }

    static Endpoint<JsonNode> search(Map<String, ?> query) {
        Endpoint<JsonNode> hits = Endpoint.of(Request.post("/_search").json(query))
                .at("/hits/hits")
                .paginate(Pagination.lastItem("/sort", Placement.body("/search_after"))
                        .carrying("/pit_id", Placement.body("/pit/id")));
        return hits;
    }

    static Endpoint<JsonNode> path() {
        Endpoint<JsonNode> archive = Endpoint.get("/archive/{page}.json")
                .paginate(Pagination.pageNumber(Placement.variable("page"), 0).lastWhen(end -> end.items() < 50));
        return archive;
    }

    static Endpoint<JsonNode> template() {
        Endpoint<JsonNode> report = Endpoint.of(Request.post("/report")
                        .body(Body.template("{\"rows\": {\"from\": \"{from}\", \"count\": 500}}")))
                .paginate(Pagination.offset(Placement.variable("from"), 0));
        return report;
    }

    static Endpoint<JsonNode> capped(Endpoint<JsonNode> endpoint) {
        return endpoint.paginate(Pagination.offset("skip")
                .pageSize("limit", 100)
                .lastWhen(end -> end.itemsInAll() >= 1_000)); // this API refuses an offset beyond that
    }

    static Endpoint<JsonNode> options(Endpoint<JsonNode> endpoint) {
        return endpoint.paging(pages -> pages.prefetchPages(2)
                .maxPages(500)
                .maxEmptyPages(50)
                .maxDuration(ofMinutes(30))
                .onRepeat(OnRepeat.COMPLETE)
                .refetchBrokenPages());
    }

    static Flux<JsonNode> stopped(Connector api, Endpoint<JsonNode> orders, Consumer<String> keep) {
        return api.records(orders)
                .doOnError(failure -> PageStop.of(failure)
                        .flatMap(PageStop::token)
                        .map(PageToken::text)
                        .ifPresent(keep));
    }

    static Flux<JsonNode> goingOn(Connector api, Endpoint<JsonNode> orders, String kept) {
        return api.records(orders.from(PageToken.of(kept)));
    }

    static Flux<String> tokens(Connector api, Endpoint<JsonNode> orders, Consumer<JsonNode> handle) {
        return api.elements(orders).handle((element, sink) -> {
            if (element instanceof PageElement.Item<JsonNode> item) {
                handle.accept(item.value());
            } else if (element instanceof PageElement.End<JsonNode> end) {
                end.next().map(PageToken::text).ifPresent(sink::next); // all items before have been handled
            }
        });
    }

    static Pagination own() {
        Pagination byOffsetAndTotal = Pagination.of(
                Captures.none().value("/meta/total"),
                end -> end.value("/meta/total")
                        .filter(total -> end.items() > 0 && end.itemsInAll() < total.asLong())
                        .map(total -> end.request().replaceQuery("start", end.itemsInAll())));
        return byOffsetAndTotal;
    }

    static Endpoint<JsonNode> signedPages(Endpoint<JsonNode> endpoint) {
        return endpoint.eachPage((request, page) -> request.header("X-Page", Integer.toString(page)));
    }
}
