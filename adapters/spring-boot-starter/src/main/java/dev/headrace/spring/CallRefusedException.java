package dev.headrace.spring;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import java.util.Map;

/** A request that is no call of the integration: the status, and what its caller gets to read. */
final class CallRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient CapabilityException reason;
    private final transient Map<String, String> headers;

    private CallRefusedException(int status, CapabilityException reason, Map<String, String> headers) {
        super(reason.getMessage(), null, false, false);
        this.status = status;
        this.reason = reason.status(status);
        this.headers = headers;
    }

    static CallRefusedException nothingAt(String path) {
        return new CallRefusedException(
                404,
                CapabilityException.of(
                        ErrorCode.NOT_FOUND,
                        "There is nothing at " + path + "; GET info beside it tells what there is"),
                Map.of());
    }

    static CallRefusedException method(String method, String path, String allowed) {
        return new CallRefusedException(
                405,
                CapabilityException.of(ErrorCode.BAD_REQUEST, method + " is no method of " + path + "; use " + allowed),
                Map.of("Allow", allowed));
    }

    static CallRefusedException tooLarge(int limit) {
        return new CallRefusedException(
                413,
                CapabilityException.of(
                        ErrorCode.BAD_REQUEST,
                        "The request's body has more than the " + limit
                                + " bytes that this server takes; send less at once"),
                Map.of());
    }

    static CallRefusedException wrongType() {
        return new CallRefusedException(
                415,
                CapabilityException.of(
                        ErrorCode.BAD_REQUEST,
                        "The request's body must be JSON in UTF-8; send it with 'Content-Type: application/json'"),
                Map.of());
    }

    static CallRefusedException malformed(CapabilityException reason) {
        return new CallRefusedException(400, reason, Map.of());
    }

    int status() {
        return status;
    }

    CapabilityException reason() {
        return reason;
    }

    Map<String, String> headers() {
        return headers;
    }
}
