package dev.headrace.connector;

import dev.headrace.decode.Captures;
import dev.headrace.decode.Decoder;
import dev.headrace.decode.Extracted;
import dev.headrace.decode.OnInvalid;
import dev.headrace.http.Request;
import dev.headrace.json.Codec;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.json.TypeRef;
import dev.headrace.pagination.PageOptions;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One operation of an API, described: request template, pagination, decoder. Immutable; every change gives a new value, so that an
 * endpoint can be kept in a constant and bound where it is used.
 *
 * @param <T> the type of its items
 */
public final class Endpoint<T> {

    private final Request request;
    private final Pagination pagination;
    private final Decoder<T> decoder;
    private final String place;
    private final @Nullable JsonSchema requestSchema;
    private final @Nullable Responses responses;
    private final PageOptions pageOptions;
    private final @Nullable PageToken token;
    private final BiFunction<? super Request, ? super Integer, Request> eachPage;
    // Made once, for it remembers what it has warned of.
    private final Decoder<T> checking;

    /** What items must look like. */
    private record Responses(JsonSchema schema, OnInvalid onInvalid) {}

    private Endpoint(
            Request request,
            Pagination pagination,
            Decoder<T> decoder,
            String place,
            @Nullable JsonSchema requestSchema,
            @Nullable Responses responses,
            PageOptions pageOptions,
            @Nullable PageToken token,
            BiFunction<? super Request, ? super Integer, Request> eachPage) {
        this.request = Objects.requireNonNull(request, "request");
        this.pagination = Objects.requireNonNull(pagination, "pagination");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.place = place;
        this.requestSchema = requestSchema;
        this.responses = responses;
        this.pageOptions = pageOptions;
        this.token = token;
        this.eachPage = eachPage;
        decoder.check(pagination.captures());
        if (pageOptions.refetchesBrokenPages()) {
            decoder.check(Captures.none().withLastItem());
        }
        this.checking = responses == null ? decoder : decoder.validated(responses.schema(), responses.onInvalid());
    }

    private Endpoint<T> asking(Request request) {
        return new Endpoint<>(
                request, pagination, decoder, place, requestSchema, responses, pageOptions, token, eachPage);
    }

    private <R> Endpoint<R> reading(Decoder<R> decoder, String place) {
        return new Endpoint<>(
                request, pagination, decoder, place, requestSchema, responses, pageOptions, token, eachPage);
    }

    /**
     * An endpoint read by GET: one page, its items the elements of the JSON array at the root, as trees.
     *
     * @param template path below the base URL, or absolute URL
     * @return the endpoint
     */
    public static Endpoint<JsonNode> get(String template) {
        return of(Request.get(template));
    }

    /**
     * An endpoint with any request: one page, its items the elements of the JSON array at the root, as trees.
     *
     * @param request the request for the first page
     * @return the endpoint
     */
    public static Endpoint<JsonNode> of(Request request) {
        return new Endpoint<>(
                request,
                Pagination.none(),
                Decoder.items("", Codec.tree()),
                "",
                null,
                null,
                PageOptions.defaults(),
                null,
                (unchanged, page) -> unchanged);
    }

    /**
     * Gives a variable of the request's template its value.
     *
     * @param variable its name
     * @param value its value
     * @return a new endpoint
     * @throws IllegalArgumentException if the template has no such variable
     */
    public Endpoint<T> with(String variable, Object value) {
        return asking(request.with(variable, value));
    }

    /**
     * Appends a query parameter to the first page's request.
     *
     * @param name the parameter's name
     * @param value its value; a {@link dev.headrace.http.Secret} is never printed
     * @return a new endpoint
     */
    public Endpoint<T> query(String name, Object value) {
        return asking(request.query(name, value));
    }

    /**
     * Sets a query parameter of the first page's request, in place of all of its name: what the endpoint has as a default.
     *
     * @param name the parameter's name
     * @param value its only value; a {@link dev.headrace.http.Secret} is never printed
     * @return a new endpoint
     */
    public Endpoint<T> replaceQuery(String name, Object value) {
        return asking(request.replaceQuery(name, value));
    }

    /**
     * Sets a header of every page's request.
     *
     * @param name the header's name
     * @param value its value
     * @return a new endpoint
     */
    public Endpoint<T> header(String name, String value) {
        return asking(request.header(name, value));
    }

    /**
     * Changes the first page's request, for what has no method here: its body, its options.
     *
     * @param change from the request before to the one after
     * @return a new endpoint
     */
    public Endpoint<T> request(UnaryOperator<Request> change) {
        return asking(change.apply(request));
    }

    /**
     * Changes the request of every page just before it is sent, for what depends on the page or must not be kept: the request of the page
     * before, from which the next is made, and {@linkplain PageToken tokens} never have the change, so it is made anew for each page and
     * never adds up. Where this is said more than once, the changes follow one another.
     *
     * <p>Called once for each page, as soon as that has been named, on the thread that reads the page before; must not block. What it throws
     * is the error of the reading. Repeated requests are looked for among changed ones: a change that differs each time, such as a time
     * stamp, hides them. Where the remote repeats the change in its link to the next page, it is there already: set rather than append.
     *
     * @param change from the request before and the page's number, from 1, to the request to be sent
     * @return a new endpoint
     */
    public Endpoint<T> eachPage(BiFunction<? super Request, ? super Integer, Request> change) {
        Objects.requireNonNull(change, "change");
        BiFunction<? super Request, ? super Integer, Request> before = eachPage;
        return new Endpoint<>(
                request,
                pagination,
                decoder,
                place,
                requestSchema,
                responses,
                pageOptions,
                token,
                (asked, page) -> change.apply(before.apply(asked, page), page));
    }

    /** The request for a page as it is sent. */
    Request forPage(Request request, int number) {
        return Objects.requireNonNull(eachPage.apply(request, number), "eachPage returned null");
    }

    /** The same, read as one page. */
    Endpoint<T> singlePage() {
        return new Endpoint<>(
                request,
                Pagination.none(),
                decoder,
                place,
                requestSchema,
                responses,
                PageOptions.defaults(),
                null,
                eachPage);
    }

    /**
     * Sets how one page leads to the next.
     *
     * @param pagination the pagination
     * @return a new endpoint
     * @throws IllegalArgumentException if it needs something of a page that the decoder does not see
     */
    public Endpoint<T> paginate(Pagination pagination) {
        return new Endpoint<>(
                request, pagination, decoder, place, requestSchema, responses, pageOptions, token, eachPage);
    }

    /**
     * Changes how pages are read one after the other: how far ahead, and what keeps them from going on for ever.
     *
     * @param change such as {@code pages -> pages.prefetchPages(2).maxPages(50)}
     * @return a new endpoint
     * @throws IllegalArgumentException if broken pages are to be fetched again and the decoder does not show its items
     */
    public Endpoint<T> paging(UnaryOperator<PageOptions> change) {
        PageOptions changed = change.apply(pageOptions);
        return new Endpoint<>(request, pagination, decoder, place, requestSchema, responses, changed, token, eachPage);
    }

    /**
     * The same endpoint, read on from a page instead of from its first.
     *
     * @param token from a {@link dev.headrace.pagination.Page} or a {@link dev.headrace.pagination.PageStop} of this endpoint, perhaps of an
     *     earlier run; reading errors with an {@link IllegalArgumentException} if it is of another
     * @return a new endpoint
     */
    public Endpoint<T> from(PageToken token) {
        Objects.requireNonNull(token, "token");
        return new Endpoint<>(
                request, pagination, decoder, place, requestSchema, responses, pageOptions, token, eachPage);
    }

    /**
     * Takes a page that lacks the place of the items for one without items, as some APIs leave an empty list out. Without it such a page is an
     * error. To be said after where the items are and what they are.
     *
     * @return a new endpoint
     * @throws IllegalArgumentException if the decoder's items have no place
     */
    public Endpoint<T> itemsOptional() {
        return reading(decoder.optional(), place);
    }

    /**
     * Sets where the items are: an array gives its elements, any other value one item. They are trees, until {@link #items(Class)} gives them
     * a type.
     *
     * @param pointer a JSON Pointer (RFC 6901) such as {@code /data/items}; empty for the root
     * @return a new endpoint
     */
    public Endpoint<JsonNode> at(String pointer) {
        return reading(Decoder.items(pointer, Codec.tree()), pointer);
    }

    /**
     * Items of a class from where they {@linkplain #at are}, by default the array at the root.
     *
     * @param type the items' class
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> items(Class<R> type) {
        return items(place, type);
    }

    /**
     * Items of a generic type from where they {@linkplain #at are}, by default the array at the root.
     *
     * @param type the items' type
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> items(TypeRef<R> type) {
        return items(place, type);
    }

    /**
     * Items of a class from the array that a JSON Pointer (RFC 6901) names.
     *
     * @param pointer such as {@code /data/items}; empty for the root
     * @param type the items' class
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> items(String pointer, Class<R> type) {
        return reading(Decoder.items(pointer, Codec.of(type)), pointer);
    }

    /**
     * Items of a generic type from the array that a JSON Pointer (RFC 6901) names.
     *
     * @param pointer such as {@code /data/items}; empty for the root
     * @param type the items' type
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> items(String pointer, TypeRef<R> type) {
        return reading(Decoder.items(pointer, Codec.of(type)), pointer);
    }

    /**
     * Sets how a page's body becomes items.
     *
     * @param decoder the decoder
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> decode(Decoder<R> decoder) {
        return reading(decoder, place);
    }

    /**
     * Looks up values of each item as it came, whatever it is read as, and takes a fingerprint of it; see {@link Decoder#extracting}. To be
     * said after where the items are and what they are.
     *
     * @param places where in an item the values are (RFC 6901)
     * @return a new endpoint
     */
    public Endpoint<Extracted<T>> extracting(List<Pointer> places) {
        return reading(decoder.extracting(places), place);
    }

    /**
     * Says what the request's JSON body must look like; one that does not is an error before anything is sent.
     *
     * @param schema needs {@code com.networknt:json-schema-validator}
     * @return a new endpoint, whose calls error with {@link dev.headrace.json.SchemaViolationException} of kind CONFIGURATION
     */
    public Endpoint<T> requestSchema(JsonSchema schema) {
        Objects.requireNonNull(schema, "schema");
        return new Endpoint<>(request, pagination, decoder, place, schema, responses, pageOptions, token, eachPage);
    }

    /**
     * Says what each item must look like, and what becomes of one that does not.
     *
     * @param schema needs {@code com.networknt:json-schema-validator}
     * @param onInvalid whether such an item is passed on with a warning, dropped, or an error
     * @return a new endpoint
     * @throws IllegalArgumentException if its decoder does not read JSON
     */
    public Endpoint<T> responseSchema(JsonSchema schema, OnInvalid onInvalid) {
        return new Endpoint<>(
                request,
                pagination,
                decoder,
                place,
                requestSchema,
                new Responses(schema, onInvalid),
                pageOptions,
                token,
                eachPage);
    }

    /**
     * The request for the first page.
     *
     * @return the request
     */
    public Request request() {
        return requestSchema == null ? request : request.validated(requestSchema);
    }

    /**
     * How one page leads to the next.
     *
     * @return the pagination
     */
    public Pagination pagination() {
        return pagination;
    }

    /**
     * How pages are read one after the other.
     *
     * @return the options
     */
    public PageOptions pageOptions() {
        return pageOptions;
    }

    /** From where to go on; null for the first page. */
    @Nullable
    PageToken token() {
        return token;
    }

    /** What of each page is kept. */
    Captures captures() {
        return pagination.captures();
    }

    /**
     * How a page's body becomes items.
     *
     * @return the decoder
     */
    public Decoder<T> decoder() {
        return checking;
    }

    @Override
    public String toString() {
        return "Endpoint[" + request.describe() + "]";
    }
}
