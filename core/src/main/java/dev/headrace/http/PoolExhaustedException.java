package dev.headrace.http;

import dev.headrace.error.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * No connection was free in time, or too many calls are waiting already. {@link FailureKind#LOCAL}: trying again at once only
 * makes the queue longer. Nothing was sent.
 */
public final class PoolExhaustedException extends HttpException {

    private static final long serialVersionUID = 1L;

    PoolExhaustedException(Request request, String message, @Nullable Throwable cause) {
        super(FailureKind.LOCAL, request, message, cause);
    }

    @Override
    public boolean requestSent() {
        return false;
    }
}
