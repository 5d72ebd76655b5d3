package dev.headrace.auth;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * There were no credentials to put on a request, so it was not sent: their source was empty or failed. {@link FailureKind#CONFIGURATION},
 * unless the source failed with a kind of its own.
 */
public final class CredentialsException extends HttpException {

    private static final long serialVersionUID = 1L;

    CredentialsException(Request request, String message, @Nullable Throwable cause) {
        super(
                cause instanceof HeadraceException known ? known.kind() : FailureKind.CONFIGURATION,
                request,
                message,
                cause);
    }

    @Override
    public Optional<Instant> retryAt() {
        return getCause() instanceof HeadraceException known ? known.retryAt() : Optional.empty();
    }

    @Override
    public boolean requestSent() {
        return false;
    }
}
