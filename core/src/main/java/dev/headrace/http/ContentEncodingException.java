package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A compressed body is malformed, cut short, or grows beyond the limit of 100 times its bytes on the wire.
 * {@link FailureKind#UNTRUSTED_DATA}.
 */
public final class ContentEncodingException extends HttpException {

    private static final long serialVersionUID = 1L;

    ContentEncodingException(URI uri, String message, @Nullable Throwable cause) {
        super(FailureKind.UNTRUSTED_DATA, Redactor.uri(uri), message, cause);
    }
}
