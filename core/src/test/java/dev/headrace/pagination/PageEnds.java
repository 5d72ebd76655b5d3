package dev.headrace.pagination;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a page ended, as a pagination sees it. */
final class PageEnds {

    static final URI PAGE = URI.create("https://api.test/v1/things?limit=2");

    private PageEnds() {}

    static PageEnd withHeaders(Request request, String... headers) {
        return new PageEnd(request, request.uri(), 200, Headers.of(headers), 1, 10, 10, Map.of(), null, 1);
    }

    /** The end of a page with that body, of which a pagination gets what it captures: items are an array at a place. */
    static PageEnd of(Pagination pagination, Request request, String body, String place) {
        return of(pagination, request, body, place, 1, 0);
    }

    static PageEnd of(Pagination pagination, Request request, String body, String place, int number, long before) {
        JsonNode document = Json.tree(body);
        List<JsonNode> items =
                Pointer.of(place).in(document).orElseThrow().valueStream().toList();
        Map<Pointer, String> values = new LinkedHashMap<>();
        for (Pointer pointer : pagination.captures().values()) {
            pointer.in(document).ifPresent(value -> values.put(pointer, Json.writeText(value)));
        }
        @Nullable
        String last = items.isEmpty() || !pagination.captures().lastItem()
                ? null
                : Json.writeText(items.get(items.size() - 1));
        long count = items.size();
        return new PageEnd(request, PAGE, 200, Headers.none(), number, count, before + count, values, last, 1);
    }
}
