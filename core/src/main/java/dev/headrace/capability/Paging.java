package dev.headrace.capability;

import dev.headrace.http.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Where in a list a request or response is: which page is asked for, or where the next one begins. In JSON
 * {@code {"token": …, "size": …}}.
 *
 * @param token of the page asked for, or of the one that follows; null for the first page, or if none follows. An empty text is null
 * @param size how many items a page has at most; null if that is left to the capability
 */
public record Paging(@Nullable String token, @Nullable Integer size) {

    /** The first page of whatever size, or no page to follow. */
    public static final Paging NONE = new Paging(null, null);

    /**
     * Checks the values.
     *
     * @param token as {@link #token()}
     * @param size as {@link #size()}
     * @throws IllegalArgumentException if the size is not positive
     */
    public Paging {
        if (size != null && size <= 0) {
            throw new IllegalArgumentException("size must be positive, but is " + size);
        }
        token = token == null || token.isEmpty() ? null : token;
    }

    /**
     * The cursors in the token, for a capability that made it of {@link ContinuationToken}.
     *
     * @return the cursors; none for the first page
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} if the token was not made so
     */
    public ContinuationToken continuation() {
        return ContinuationToken.parse(token);
    }

    /**
     * The cursors in a signed token.
     *
     * @param key what it was {@linkplain ContinuationToken#signed(Secret) signed} with
     * @return the cursors; none for the first page
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} if the token was not made so
     */
    public ContinuationToken continuation(Secret key) {
        return ContinuationToken.parse(token, key);
    }

    /** Without the token: nobody knows what is in it. */
    @Override
    public String toString() {
        return "Paging[" + (token == null ? "no token" : "token") + (size == null ? "" : ", size " + size) + "]";
    }
}
