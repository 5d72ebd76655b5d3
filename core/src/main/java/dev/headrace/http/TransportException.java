package dev.headrace.http;

import dev.headrace.error.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * The connection failed: refused, reset, closed before the end, or not trusted. {@link FailureKind#TRANSIENT}, except for a
 * failed TLS handshake and an unknown host, which are {@link FailureKind#CONFIGURATION}.
 */
public final class TransportException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient boolean requestSent;

    TransportException(
            FailureKind kind, Request request, String message, boolean requestSent, @Nullable Throwable cause) {
        super(kind, request, message, cause);
        this.requestSent = requestSent;
    }

    @Override
    public boolean requestSent() {
        return requestSent;
    }
}
