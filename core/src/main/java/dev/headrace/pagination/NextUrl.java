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
        return resolve(end.uri(), url.stringValue());
    }

    static URI resolve(URI page, String reference) {
        try {
            return UriReference.resolve(page, reference);
        } catch (IllegalArgumentException e) {
            throw PaginationException.untrusted("The next link is no URI: " + Redactor.uri(reference), e);
        }
    }
}
