package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;

/**
 * This side refused to send a request: a rate limit, a circuit breaker or a bulkhead of ours. Nothing was sent, nothing is held, and the
 * retry policy does not try again: it would only press on what is closed.
 */
public abstract sealed class NotAdmittedException extends HttpException
        permits RateLimitExceededException, CircuitOpenException, BulkheadFullException {

    private static final long serialVersionUID = 1L;

    NotAdmittedException(FailureKind kind, Request request, String message) {
        super(kind, request, message, null);
    }

    /** Never sent. */
    @Override
    public final boolean requestSent() {
        return false;
    }
}
