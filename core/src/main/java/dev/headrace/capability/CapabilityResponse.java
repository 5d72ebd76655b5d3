package dev.headrace.capability;

import dev.headrace.http.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a capability answers.
 *
 * @param response the answer
 * @param page where the list goes on; null if there is no list, or no more of it
 * @param rawData what the remote sent, if the capability says so itself; otherwise it is what was {@linkplain CapabilityContext#connector
 *     recorded}. Callers get it only if they asked for it
 * @param <O> the type of the answer
 */
public record CapabilityResponse<O>(
        O response, @Nullable Paging page, @Nullable JsonNode rawData) {

    /**
     * Checks that there is an answer.
     *
     * @param response the answer
     * @param page where the list goes on
     * @param rawData what the remote sent
     */
    public CapabilityResponse {
        Objects.requireNonNull(response, "response");
    }

    /**
     * An answer.
     *
     * @param response the answer
     * @param <O> its type
     * @return without a next page
     */
    public static <O> CapabilityResponse<O> of(O response) {
        return new CapabilityResponse<>(response, null, null);
    }

    /**
     * The same as one page of a list.
     *
     * @param token where the next page begins; null or empty if this is the last
     * @return another response
     */
    public CapabilityResponse<O> next(@Nullable String token) {
        return new CapabilityResponse<>(
                response, token == null || token.isEmpty() ? null : new Paging(token, null), rawData);
    }

    /**
     * The same as one page of a list that is put together from several.
     *
     * @param cursors where they go on; without any this is the last page
     * @return another response
     */
    public CapabilityResponse<O> next(ContinuationToken cursors) {
        return next(cursors.isEmpty() ? null : cursors.text());
    }

    /**
     * The same as one page of a list that is put together from several, with a token that nobody can change.
     *
     * @param cursors where they go on; without any this is the last page
     * @param key what the token is signed with; {@link ContinuationToken#parse(String, Secret)} reads it
     * @return another response
     */
    public CapabilityResponse<O> next(ContinuationToken cursors, Secret key) {
        return next(cursors.isEmpty() ? null : cursors.signed(key));
    }

    /**
     * The same with raw data that the capability has put together itself.
     *
     * @param rawData what the remote sent, without secrets
     * @return another response
     */
    public CapabilityResponse<O> raw(JsonNode rawData) {
        return new CapabilityResponse<>(response, page, Objects.requireNonNull(rawData, "rawData"));
    }

    /** Without the answer, which may hold anything. */
    @Override
    public String toString() {
        return "CapabilityResponse[" + response.getClass().getSimpleName() + ", " + page + "]";
    }
}
