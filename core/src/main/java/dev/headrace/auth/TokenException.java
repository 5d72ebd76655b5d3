package dev.headrace.auth;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * No access token could be had, so the call that needed it was not sent. {@link #request()} is the one to the token endpoint.
 *
 * <p>The kind is {@link FailureKind#CONFIGURATION} when the authorization server refused (RFC 6749 §5.2), {@link FailureKind#TRANSIENT} when
 * it was busy, broken or could not be reached, {@link FailureKind#UNTRUSTED_DATA} when its answer was malformed, and
 * {@link FailureKind#LOCAL} when a new refresh token could not be handed on. Callers that waited for the same token get the same failure.
 * Neither client secret nor tokens are in its message.
 */
public final class TokenException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable String error;
    private final transient @Nullable String description;
    private final transient @Nullable Instant retryAt;

    TokenException(FailureKind kind, Request request, String message, @Nullable Throwable cause) {
        this(kind, request, message, null, null, null, cause);
    }

    TokenException(
            FailureKind kind,
            Request request,
            String message,
            @Nullable String error,
            @Nullable String description,
            @Nullable Instant retryAt,
            @Nullable Throwable cause) {
        super(kind, request, message, cause);
        this.error = error;
        this.description = description;
        this.retryAt = retryAt;
    }

    /**
     * The error code of the authorization server (RFC 6749 §5.2).
     *
     * @return such as {@code invalid_grant}; empty if it gave none
     */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }

    /**
     * What the authorization server says of the error, with every secret of ours masked, at most 200 characters.
     *
     * @return the description; empty if it gave none
     */
    public Optional<String> description() {
        return Optional.ofNullable(description);
    }

    @Override
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }

    /**
     * Whether any of the call may have reached its remote.
     *
     * @return false: it waited for this token, so sending it again is harmless whatever its method
     */
    @Override
    public boolean requestSent() {
        return false;
    }
}
