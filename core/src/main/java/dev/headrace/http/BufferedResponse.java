package dev.headrace.http;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.TypeRef;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** A response that was read to its end: a value that can be kept, shared and read as often as one likes. */
public final class BufferedResponse {

    private final Request request;
    private final int status;
    private final Headers headers;
    private final byte[] body;
    private final boolean successful;

    BufferedResponse(Response response, byte[] body) {
        this.request = response.request();
        this.status = response.status();
        this.headers = response.headers();
        this.successful = response.isSuccessful();
        this.body = Objects.requireNonNull(body, "body");
    }

    /**
     * What this answers: the request as it was sent, after redirects and with its attempt.
     *
     * @return the request
     */
    public Request request() {
        return request;
    }

    /**
     * The status code.
     *
     * @return 200 to 599
     */
    public int status() {
        return status;
    }

    /**
     * Whether this is a success.
     *
     * @return as {@link Response#isSuccessful()}
     */
    public boolean isSuccessful() {
        return successful;
    }

    /**
     * The headers.
     *
     * @return as they came
     */
    public Headers headers() {
        return headers;
    }

    /**
     * The body.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return body.clone();
    }

    /**
     * The body as text.
     *
     * @return the body, read as UTF-8
     */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The body as a JSON tree.
     *
     * @return the tree
     * @throws DecodingException if the body is not exactly one JSON value
     */
    public JsonNode tree() {
        return decoded(Codec.tree());
    }

    /**
     * The body's JSON as a value.
     *
     * @param type a record or class
     * @param <T> the type of the value
     * @return the value
     * @throws DecodingException if the body is not exactly one such value
     */
    public <T> T as(Class<T> type) {
        return decoded(Codec.of(type));
    }

    /**
     * The body's JSON as a value of a generic type.
     *
     * @param type such as {@code new TypeRef<List<Issue>>() {}}
     * @param <T> the type of the value
     * @return the value
     * @throws DecodingException if the body is not exactly one such value
     */
    public <T> T as(TypeRef<T> type) {
        return decoded(Codec.of(type));
    }

    private <T> T decoded(Codec<T> codec) {
        try {
            return codec.decode(body, 0, body.length);
        } catch (DecodingException e) {
            throw e.from(request.describe());
        }
    }

    @Override
    public String toString() {
        return "BufferedResponse[" + status + " to " + request.describe() + ", " + body.length + " bytes]";
    }
}
