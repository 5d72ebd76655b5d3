package dev.headrace.server;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A request that the server itself does not serve: the status, and what its caller gets to read. */
final class RequestRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String RETRY_SECONDS = "1";

    private final transient int status;
    private final transient CapabilityException reason;
    private final transient Map<String, String> headers;

    private RequestRefusedException(int status, CapabilityException reason, Map<String, String> headers) {
        super(reason.getMessage(), null, false, false);
        this.status = status;
        this.reason = reason.status(status);
        this.headers = headers;
    }

    private static RequestRefusedException of(int status, ErrorCode code, String message) {
        return new RequestRefusedException(status, CapabilityException.of(code, message), Map.of());
    }

    static RequestRefusedException unauthorized(String challenge) {
        return new RequestRefusedException(
                401,
                CapabilityException.of(
                        ErrorCode.UNAUTHORIZED,
                        "This server needs a key, and the request has none that it knows; send the one that whoever runs"
                                + " it has given you"),
                Map.of("WWW-Authenticate", challenge));
    }

    static RequestRefusedException nothingAt(String path) {
        return of(404, ErrorCode.NOT_FOUND, "There is nothing at " + path + "; GET /info tells what there is");
    }

    static RequestRefusedException method(String method, String path, String allowed) {
        return new RequestRefusedException(
                405,
                CapabilityException.of(ErrorCode.BAD_REQUEST, method + " is no method of " + path + "; use " + allowed),
                Map.of("Allow", allowed));
    }

    static RequestRefusedException tooSlow(Duration timeout) {
        return of(
                408,
                ErrorCode.REQUEST_TIMEOUT,
                "The request's body has not come within " + timeout.toMillis() + " ms; send it again, faster");
    }

    static RequestRefusedException tooLarge(int limit) {
        return of(
                413,
                ErrorCode.BAD_REQUEST,
                "The request's body has more than the " + limit + " bytes that this server takes; send less at once");
    }

    static RequestRefusedException wrongType() {
        return of(
                415,
                ErrorCode.BAD_REQUEST,
                "The request's body must be JSON in UTF-8; send it with 'Content-Type: application/json'");
    }

    static RequestRefusedException malformed(CapabilityException reason) {
        return new RequestRefusedException(400, reason, Map.of());
    }

    static RequestRefusedException tooMany(int limit) {
        return later("This server is busy with " + limit + " calls, as many as it takes at once; try again soon");
    }

    static RequestRefusedException stopping() {
        return later("This server is being stopped; try again soon, by another connection");
    }

    private static RequestRefusedException later(String message) {
        return new RequestRefusedException(
                503,
                CapabilityException.of(ErrorCode.SERVICE_ERROR, message)
                        .retryAt(Instant.now().plusSeconds(1)),
                Map.of("Retry-After", RETRY_SECONDS));
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
