package dev.headrace.http;

import dev.headrace.error.FailureKind;

/** A body is larger than what was to be held in memory. {@link FailureKind#PERMANENT}. */
public final class BodyTooLargeException extends HttpException {

    private static final long serialVersionUID = 1L;

    BodyTooLargeException(Request request, int limit) {
        super(
                FailureKind.PERMANENT,
                request,
                "the body is larger than " + limit + " bytes; read it as a stream, or raise the limit",
                null);
    }
}
