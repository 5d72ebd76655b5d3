package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.net.URI;

/** A body is larger than what was to be held in memory. {@link FailureKind#PERMANENT}. */
public final class BodyTooLargeException extends HttpException {

    private static final long serialVersionUID = 1L;

    BodyTooLargeException(URI uri, int limit) {
        super(
                FailureKind.PERMANENT,
                Redactor.uri(uri),
                "the body is larger than " + limit + " bytes; read it as a stream, or raise the limit",
                null);
    }
}
