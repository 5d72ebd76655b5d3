package dev.headrace.pagination;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import tools.jackson.databind.JsonNode;

/** Where in a request a token for the next page goes. */
@FunctionalInterface
public interface Placement {

    /**
     * Puts a token in its place, where the one before was.
     *
     * @param request the request for the page before
     * @param json the token as JSON text: texts have their quotes, numbers every digit
     * @return the request for the next page
     * @throws IllegalArgumentException if the request has no such place
     */
    Request put(Request request, String json);

    /**
     * A query parameter, in place of all of its name.
     *
     * @param name such as {@code cursor}; it is percent-encoded as its value is
     * @return the placement
     */
    static Placement query(String name) {
        return (request, json) -> request.replaceQuery(name, text(json));
    }

    /**
     * A header.
     *
     * @param name such as {@code X-Cursor}
     * @return the placement
     * @throws IllegalArgumentException if that is no header's name
     */
    static Placement header(String name) {
        Headers.of(name, "");
        return (request, json) -> request.header(name, text(json));
    }

    /**
     * A place in the request's JSON body; the rest of it stays, and numbers are written digit for digit.
     *
     * @param pointer such as {@code /variables/after} (RFC 6901); objects that are missing on the way are made
     * @return the placement
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static Placement body(String pointer) {
        Pointer.of(pointer);
        return (request, json) -> request.replaceInBody(pointer, Json.raw(json));
    }

    /**
     * A variable of the request's URI template, so a part of the path, or of its {@linkplain dev.headrace.http.Body#template(String) body's
     * template}. The first page needs a value too: give it by {@link Request#with(String, Object)}, unless the pagination sets it.
     *
     * @param variable its name, as it stands in the braces
     * @return the placement
     */
    static Placement variable(String variable) {
        return (request, json) -> request.with(variable, value(json));
    }

    private static Object value(String json) {
        JsonNode tree = Json.tree(json);
        return tree.isString() ? tree.stringValue() : tree.isNumber() ? tree.numberValue() : tree;
    }

    /** A token as it is written where there is no JSON: without quotes, numbers digit for digit. */
    private static String text(String json) {
        return json.startsWith("\"") ? Json.tree(json).stringValue() : json;
    }
}
