package dev.headrace.capability;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.headrace.json.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every call is answered with, however it was made: an answer or an error, never both.
 *
 * <pre>{@code
 * {"response": {…}, "raw_data": null, "page": {"token": "…", "size": null}, "error": null}
 * }</pre>
 *
 * @param response the answer; null if the call failed
 * @param rawData what the remote sent, if the caller asked for it; else null
 * @param page where the list goes on; null if there is no list, or no more of it
 * @param error what failed; null if nothing did
 * @param <O> the type of the answer
 */
@JsonPropertyOrder({"response", "raw_data", "page", "error"})
public record Envelope<O>(
        @Nullable O response,
        @JsonProperty("raw_data") @Nullable JsonNode rawData,
        @Nullable Paging page,
        @Nullable CapabilityError error) {

    /**
     * Checks that there is an answer or an error.
     *
     * @param response the answer
     * @param rawData what the remote sent
     * @param page where the list goes on
     * @param error what failed
     * @throws IllegalArgumentException if there is neither, or both
     */
    public Envelope {
        if ((response == null) == (error == null)) {
            throw new IllegalArgumentException("An envelope has either a response or an error");
        }
    }

    /**
     * The envelope of an answer.
     *
     * @param response the answer
     * @param <O> its type
     * @return without error
     */
    public static <O> Envelope<O> of(CapabilityResponse<O> response) {
        return new Envelope<>(response.response(), response.rawData(), response.page(), null);
    }

    /**
     * The envelope of a failure.
     *
     * @param error what failed
     * @param <O> the type of the answer that there is none of
     * @return without response
     */
    public static <O> Envelope<O> failed(CapabilityError error) {
        return new Envelope<>(null, null, null, Objects.requireNonNull(error, "error"));
    }

    /**
     * The envelope as JSON. All four members are always there.
     *
     * @return a new object
     * @throws IllegalArgumentException if Jackson cannot write the answer
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("response", node(response));
        json.set("raw_data", node(rawData));
        json.set("page", node(page));
        json.set("error", node(error));
        return json;
    }

    /** Without the answer, which may hold anything. */
    @Override
    public String toString() {
        return error == null
                ? "Envelope[" + Objects.requireNonNull(response).getClass().getSimpleName() + ", " + page + "]"
                : "Envelope[" + error + "]";
    }

    private static JsonNode node(@Nullable Object value) {
        return value == null ? JsonNodeFactory.instance.nullNode() : Json.node(value);
    }
}
