package dev.headrace.connector;

import dev.headrace.decode.Decoder;
import dev.headrace.http.Request;
import dev.headrace.json.Codec;
import dev.headrace.json.TypeRef;
import dev.headrace.pagination.Pagination;
import java.util.Objects;
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

    private Endpoint(Request request, Pagination pagination, Decoder<T> decoder) {
        this.request = Objects.requireNonNull(request, "request");
        this.pagination = Objects.requireNonNull(pagination, "pagination");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
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
        return new Endpoint<>(request, Pagination.none(), Decoder.items("", Codec.tree()));
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
        return new Endpoint<>(request.with(variable, value), pagination, decoder);
    }

    /**
     * Appends a query parameter to the first page's request.
     *
     * @param name the parameter's name
     * @param value its value; a {@link dev.headrace.http.Secret} is never printed
     * @return a new endpoint
     */
    public Endpoint<T> query(String name, Object value) {
        return new Endpoint<>(request.query(name, value), pagination, decoder);
    }

    /**
     * Sets a header of every page's request.
     *
     * @param name the header's name
     * @param value its value
     * @return a new endpoint
     */
    public Endpoint<T> header(String name, String value) {
        return new Endpoint<>(request.header(name, value), pagination, decoder);
    }

    /**
     * Sets how one page leads to the next.
     *
     * @param pagination the pagination
     * @return a new endpoint
     */
    public Endpoint<T> paginate(Pagination pagination) {
        return new Endpoint<>(request, pagination, decoder);
    }

    /**
     * Items of a class from the array at the root.
     *
     * @param type the items' class
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> items(Class<R> type) {
        return items("", type);
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
        return decode(Decoder.items(pointer, Codec.of(type)));
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
        return decode(Decoder.items(pointer, Codec.of(type)));
    }

    /**
     * Sets how a page's body becomes items.
     *
     * @param decoder the decoder
     * @param <R> the type of the items
     * @return a new endpoint
     */
    public <R> Endpoint<R> decode(Decoder<R> decoder) {
        return new Endpoint<>(request, pagination, decoder);
    }

    /**
     * The request for the first page.
     *
     * @return the request
     */
    public Request request() {
        return request;
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
     * How a page's body becomes items.
     *
     * @return the decoder
     */
    public Decoder<T> decoder() {
        return decoder;
    }

    @Override
    public String toString() {
        return "Endpoint[" + request.describe() + "]";
    }
}
