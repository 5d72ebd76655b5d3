package dev.headrace.capability;

import dev.headrace.error.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The HTTP status of what a capability failed with. It tells about this exchange, the envelope about the remote: what the remote refused is a
 * 502 here, since a 401, 403 or 404 would be taken for the server's own.
 */
final class AnswerStatus {

    private AnswerStatus() {}

    static int of(CapabilityError error) {
        return switch (code(error)) {
            case "bad_request", "unknown_parameter", "unknown_value", "invalid_value" -> 400;
            case "conflict" -> 409;
            case "rate_limit" -> 429;
            case "internal_error", "unexpected_error" -> 500;
            case "not_implemented" -> 501;
            case "unauthorized",
                    "permission_denied",
                    "not_found",
                    "api_error",
                    "bad_gateway",
                    "request_timeout",
                    "unsupported_operation" -> 502;
            case "service_error" -> 503;
            case "timeout" -> 504;
            default -> ofItsOwn(error.kind());
        };
    }

    /** The integration's own codes say nothing here, so the kind does. */
    private static int ofItsOwn(FailureKind kind) {
        return switch (kind) {
            case CONFIGURATION, PERMANENT -> 422;
            case LOCAL -> 500;
            case UNTRUSTED_DATA -> 502;
            case TRANSIENT -> 503;
        };
    }

    /** The second of the levels: ids of integrations have no dots. */
    private static String code(CapabilityError error) {
        String[] levels = error.errorCode().split("\\.", 3);
        return levels.length > 1 ? levels[1] : levels[0];
    }

    static OptionalLong retryAfter(CapabilityError error, Instant now) {
        int status = of(error);
        Instant at = error.retryAt();
        if (at == null || status != 429 && status != 503) {
            return OptionalLong.empty();
        }
        long millis = Duration.between(now, at).toMillis();
        return OptionalLong.of(Math.max(1, (millis + 999) / 1000));
    }
}
