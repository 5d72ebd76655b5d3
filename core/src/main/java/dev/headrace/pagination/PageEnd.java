package dev.headrace.pagination;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known when a page has been seen to its end: enough to name the next one, never the page itself, which may be a gigabyte.
 *
 * @param request what this page was asked for with, before the connector's defaults and the base URL; the next request is made from it
 * @param uri the URI that answered; relative links refer to it
 * @param status the response's status
 * @param headers the response's headers
 * @param number this page's number, from 1
 * @param items how many items it held
 * @param itemsInAll how many items all pages up to this one held
 * @param values what was {@linkplain Pagination#captures() captured}, as JSON text by place
 * @param lastItem the last item as the remote sent it, JSON text for JSON; null if there was none or it was not captured
 * @param fingerprint a hash of the bytes of all items; equal for pages that hold the same
 */
public record PageEnd(
        Request request,
        URI uri,
        int status,
        Headers headers,
        int number,
        long items,
        long itemsInAll,
        Map<Pointer, String> values,
        @Nullable String lastItem,
        long fingerprint) {

    /**
     * Copies the values.
     *
     * @param request what this page was asked for with
     * @param uri the URI that answered
     * @param status the response's status
     * @param headers the response's headers
     * @param number this page's number, from 1
     * @param items how many items it held
     * @param itemsInAll how many items all pages up to this one held
     * @param values what was captured
     * @param lastItem the last item, if it was captured
     * @param fingerprint a hash of all items
     */
    public PageEnd {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(headers, "headers");
        values = Map.copyOf(values);
    }

    /**
     * A captured value as a tree.
     *
     * @param pointer its place
     * @return the value, or empty if the page did not have it; {@code null} is a value
     */
    public Optional<JsonNode> value(String pointer) {
        return json(pointer).map(Json::tree);
    }

    /**
     * A captured value as JSON text, digit for digit.
     *
     * @param pointer its place
     * @return the text, or empty if the page did not have it
     */
    public Optional<String> json(String pointer) {
        return Optional.ofNullable(values.get(Pointer.of(pointer)));
    }

    /**
     * A value of the last item as JSON text, digit for digit.
     *
     * @param pointer its place in the item; {@code ""} is the item
     * @return the text, or empty if there is no last item or it does not have it
     * @throws PaginationException if the last item is no JSON
     */
    public Optional<String> lastItem(String pointer) {
        if (lastItem == null) {
            return Optional.empty();
        }
        try {
            return Json.textAt(lastItem, Pointer.of(pointer));
        } catch (DecodingException e) {
            throw PaginationException.untrusted("The last item of page " + number + " is no JSON: " + e.problem(), e);
        }
    }

    /**
     * What a token that the page names is, or that it names none: {@code null}, an empty text, list or object, {@code false} and what is
     * absent are no token.
     *
     * @param json JSON text, or empty
     * @return the token as JSON text
     */
    static Optional<String> token(Optional<String> json) {
        return json.filter(text -> {
            JsonNode tree = Json.tree(text);
            boolean nothing = tree.isNull()
                    || tree.isString() && tree.stringValue().isEmpty()
                    || tree.isBoolean() && !tree.booleanValue()
                    || tree.isContainer() && tree.isEmpty();
            return !nothing;
        });
    }
}
