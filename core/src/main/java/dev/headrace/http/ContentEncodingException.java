package dev.headrace.http;

import dev.headrace.error.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * A compressed body is malformed, cut short, or grows beyond the limit of 100 times its bytes on the wire.
 * {@link FailureKind#UNTRUSTED_DATA}.
 */
public final class ContentEncodingException extends HttpException {

    private static final long serialVersionUID = 1L;

    ContentEncodingException(Request request, String message, @Nullable Throwable cause) {
        super(FailureKind.UNTRUSTED_DATA, request, message, cause);
    }
}
