package dev.headrace.pagination;

import dev.headrace.decode.Captured;
import dev.headrace.http.Request;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * From where a reading of pages can go on, in another run or another process: {@code endpoint.from(token)}.
 *
 * <p>It says how the request for that page differs from the endpoint's, so it belongs to that endpoint. It holds no credentials, not even where
 * the remote repeated them in its link; but like a link it may lead whoever has it to data, so keep it as you keep those. {@link #toString()}
 * does not show it; {@link #text()} does.
 */
public final class PageToken {

    private static final int VERSION = 1;

    private final String endpoint;
    private final JsonNode difference;
    private final int number;
    private final long itemsBefore;
    private final Captured.Prefix taken;

    private PageToken(String endpoint, JsonNode difference, int number, long itemsBefore, Captured.Prefix taken) {
        this.endpoint = endpoint;
        this.difference = difference;
        this.number = number;
        this.itemsBefore = itemsBefore;
        this.taken = taken;
    }

    /**
     * A token for a page.
     *
     * @param first the request for the endpoint's first page
     * @param request the request for the page to go on with
     * @param number that page's number, from 1
     * @param itemsBefore how many items the pages before it held
     * @param taken the items of that page to pass over, if they are still the same
     * @return the token, or empty if its request cannot be kept: its body can be sent only once, or a secret would stand in it
     */
    public static Optional<PageToken> of(
            Request first, Request request, int number, long itemsBefore, Captured.Prefix taken) {
        return request.differenceFrom(first)
                .map(difference -> new PageToken(nameOf(first), difference, number, itemsBefore, taken));
    }

    /**
     * Reads a token that was kept as text.
     *
     * @param text as {@link #text()} gave it
     * @return the token
     * @throws IllegalArgumentException if that is no token, or one of a later version
     */
    public static PageToken of(String text) {
        JsonNode json = json(text);
        int version = json.path("v").intValue(0);
        JsonNode request = json.get("request");
        if (version != VERSION || request == null) {
            throw new IllegalArgumentException(
                    "That is no page token of version " + VERSION + ", but of version " + version);
        }
        return new PageToken(
                json.path("of").stringValue(""),
                request,
                json.path("page").intValue(1),
                json.path("before").longValue(0),
                new Captured.Prefix(
                        json.path("taken").longValue(0), json.path("print").longValue(0)));
    }

    private static JsonNode json(String text) {
        try {
            return Json.tree(Base64.getUrlDecoder().decode(text.strip()));
        } catch (IllegalArgumentException | DecodingException e) {
            // The decoder's own message quotes the text.
            throw new IllegalArgumentException("That is no page token: it is not base64 of JSON");
        }
    }

    /**
     * The token to be kept.
     *
     * @return opaque text of letters, digits, {@code -} and {@code _}
     */
    public String text() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("v", VERSION);
        json.put("of", endpoint);
        json.put("page", number);
        json.put("before", itemsBefore);
        if (taken.items() > 0) {
            json.put("taken", taken.items());
            json.put("print", taken.fingerprint());
        }
        json.set("request", difference);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(json));
    }

    /**
     * Whether the remote's link in it has parameters that are secrets by their names, as signed links have.
     *
     * @return true if its {@link #text()} should not be shown to everybody
     */
    public boolean showsSecret() {
        return Request.showsSecret(difference);
    }

    /**
     * The page it leads to.
     *
     * @return its number, from 1
     */
    public int number() {
        return number;
    }

    /**
     * How many items of that page are passed over, if they are still the same bytes; if they are not, the stream errors with
     * {@link dev.headrace.decode.ItemsChangedException} before its first item.
     *
     * @return 0 for a page that is read from its beginning
     */
    public long taken() {
        return taken.items();
    }

    /**
     * The same page from its beginning.
     *
     * @return a token that passes over nothing
     */
    public PageToken atPageStart() {
        return new PageToken(endpoint, difference, number, itemsBefore, Captured.Prefix.NOTHING);
    }

    /**
     * The items of that page to pass over.
     *
     * @return how many, and their hash
     */
    public Captured.Prefix prefix() {
        return taken;
    }

    /**
     * How many items the pages before held.
     *
     * @return the number
     */
    public long itemsBefore() {
        return itemsBefore;
    }

    /**
     * The request for that page.
     *
     * @param first the request for the endpoint's first page
     * @return the request
     * @throws IllegalArgumentException if the token is of another endpoint
     */
    public Request request(Request first) {
        if (!endpoint.equals(nameOf(first))) {
            throw new IllegalArgumentException("The page token is of another endpoint than " + first.describe());
        }
        return first.restored(difference);
    }

    /** Tells endpoints apart, without saying what they are. */
    private static String nameOf(Request first) {
        return Integer.toHexString((first.method() + " " + first.template().orElse("")).hashCode());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageToken token && token.text().equals(text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return "PageToken[page " + number + (taken.items() > 0 ? ", behind item " + taken.items() : "") + "]";
    }
}
