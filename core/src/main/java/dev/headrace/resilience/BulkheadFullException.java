package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;

/**
 * As many calls run as the {@linkplain BulkheadPolicy bulkhead} allows, and no place became free in time or too many are waiting for one.
 * {@link FailureKind#LOCAL}: this side asks for too much at once. Nothing was sent; it is not retried.
 */
public final class BulkheadFullException extends NotAdmittedException {

    private static final long serialVersionUID = 1L;

    BulkheadFullException(Request request, String message) {
        super(FailureKind.LOCAL, request, message);
    }
}
