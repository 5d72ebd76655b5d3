package dev.headrace.pagination;

import dev.headrace.http.Redactor;
import dev.headrace.http.UriReference;
import dev.headrace.json.Json;
import java.net.URI;
import tools.jackson.databind.JsonNode;

/** A URL that a page gives for the next one, in a header or in the body. */
final class NextUrl {

    private NextUrl() {}

    static URI resolve(PageEnd end, String pointer, String json) {
        JsonNode url = Json.tree(json);
        if (!url.isString()) {
            throw PaginationException.untrusted(
                    "Page " + end.number() + " has no URL at '" + pointer + "', but something of type "
                            + url.getNodeType(),
                    null);
        }
        return resolve(end, url.stringValue());
    }

    static URI resolve(PageEnd end, String reference) {
        try {
            return UriReference.resolve(end.uri(), reference);
        } catch (IllegalArgumentException e) {
            // Without the cause, which quotes the link.
            throw PaginationException.untrusted(
                    "The next link of page " + end.number() + " is no URI: "
                            + end.request().redacted(Redactor.uri(reference)),
                    null);
        }
    }
}
