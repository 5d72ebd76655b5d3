package dev.headrace.test;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it reached a server.
 *
 * @param method the method, for example {@code GET}
 * @param uri the request target as sent: path and query, still encoded
 * @param headers all header fields; looked up without regard to case, values in the order received
 * @param body what has arrived of the body so far, read as UTF-8; only its first 64 KiB are kept
 * @param bodyBytes how many bytes of the body have arrived so far, kept or not
 * @param connection the connection it came on, counted from 1 in the order accepted
 * @param arrivedAt when its head had been read
 */
public record RecordedRequest(
        String method,
        String uri,
        Map<String, List<String>> headers,
        String body,
        long bodyBytes,
        int connection,
        Instant arrivedAt) {

    /**
     * Copies the headers into a map that ignores case.
     *
     * @param method the method
     * @param uri the request target as sent
     * @param headers the header fields, under names in any case
     * @param body what has arrived of the body
     * @param bodyBytes how many bytes of it have arrived
     * @param connection counted from 1
     * @param arrivedAt when the head had been read
     */
    public RecordedRequest {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) ->
                copy.computeIfAbsent(name, key -> new ArrayList<>()).addAll(values));
        copy.replaceAll((name, values) -> List.copyOf(values));
        headers = Collections.unmodifiableMap(copy);
    }

    /**
     * The path, decoded and without the query.
     *
     * @return for example {@code /repos/o/r/issues}
     */
    public String path() {
        return new QueryStringDecoder(uri).path();
    }

    /**
     * All query parameters, decoded, in the order sent.
     *
     * @return the values of each name
     */
    public Map<String, List<String>> query() {
        return new QueryStringDecoder(uri).parameters();
    }

    /**
     * The first value of a query parameter, decoded.
     *
     * @param name the parameter's name
     * @return empty when the parameter is absent
     */
    public Optional<String> query(String name) {
        return query().getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * The first value of a header field.
     *
     * @param name the field's name, in any case
     * @return empty when the field is absent
     */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /**
     * All values of a header field, in the order received.
     *
     * @param name the field's name, in any case
     * @return empty when the field is absent
     */
    public List<String> headers(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
