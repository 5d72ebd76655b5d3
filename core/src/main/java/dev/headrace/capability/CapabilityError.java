package dev.headrace.capability;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.headrace.error.FailureKind;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What callers get to see of a failure: the {@code error} of the envelope. It holds no secret, no HTML and no stack trace.
 *
 * @param message what happened, to what, and what to try; at most 800 characters
 * @param statusCode the status of the remote's answer; 400 or 501 for what the integration itself refuses; null for all else
 * @param errorCode the code behind the integration's id, such as {@code acme.bad_request}
 * @param raisedBy the simple name of the failure's class, such as {@code HttpStatusException}
 * @param raisedIn integration and capability, such as {@code acme:list_accounts}
 * @param kind what a caller can do about it
 * @param retryAt when the same may succeed; null if nobody knows
 */
public record CapabilityError(
        String message,
        @Nullable Integer statusCode,
        String errorCode,
        String raisedBy,
        String raisedIn,
        FailureKind kind,
        @Nullable Instant retryAt) {

    /**
     * Checks that all is there, and cuts the message.
     *
     * @param message what happened
     * @param statusCode the status of the remote's answer
     * @param errorCode the code
     * @param raisedBy the name of the failure's class
     * @param raisedIn integration and capability
     * @param kind what a caller can do about it
     * @param retryAt when the same may succeed
     */
    public CapabilityError {
        message = ErrorText.of(message);
        Objects.requireNonNull(errorCode, "errorCode");
        Objects.requireNonNull(raisedBy, "raisedBy");
        Objects.requireNonNull(raisedIn, "raisedIn");
        Objects.requireNonNull(kind, "kind");
    }

    /**
     * Whether the same call may succeed later without anyone changing anything.
     *
     * @return true for {@link FailureKind#TRANSIENT}
     */
    public boolean retryable() {
        return kind == FailureKind.TRANSIENT;
    }

    /**
     * The status of an HTTP answer that has this error in its envelope. It tells about that exchange, the envelope about the remote: what the
     * remote refused is a 502, since a 401, 403 or 404 would be taken for the server's own.
     *
     * @return by the code: what is wrong with the call 400, {@code conflict} 409, {@code rate_limit} 429, {@code internal_error} and
     *     {@code unexpected_error} 500, {@code not_implemented} 501, {@code service_error} 503, {@code timeout} 504, and what the remote refused
     *     or broke 502; for codes of the integration's own 422, or by the kind 500, 502 or 503
     */
    public int httpStatus() {
        return AnswerStatus.of(this);
    }

    /**
     * The header {@code Retry-After} of that answer (RFC 9110 §10.2.3).
     *
     * @param now by the clock of {@link #retryAt()}
     * @return seconds, rounded up, at least 1; empty if somebody has said no moment, and for a status other than 429 and 503
     */
    public OptionalLong retryAfter(Instant now) {
        return AnswerStatus.retryAfter(this, now);
    }

    /**
     * The same with another message.
     *
     * @param message what happened, without secrets
     * @return another error
     */
    public CapabilityError message(String message) {
        return new CapabilityError(message, statusCode, errorCode, raisedBy, raisedIn, kind, retryAt);
    }

    /**
     * The same with another status.
     *
     * @param statusCode of the remote's answer; null for none
     * @return another error
     */
    public CapabilityError statusCode(@Nullable Integer statusCode) {
        return new CapabilityError(message, statusCode, errorCode, raisedBy, raisedIn, kind, retryAt);
    }

    /**
     * The same with another code, behind the same integration's id.
     *
     * @param code the code
     * @return another error
     */
    public CapabilityError code(ErrorCode code) {
        String integration = raisedIn.substring(0, Math.max(0, raisedIn.indexOf(':')));
        return new CapabilityError(message, statusCode, code.in(integration), raisedBy, raisedIn, kind, retryAt);
    }

    /**
     * The same with another kind.
     *
     * @param kind what a caller can do about it
     * @return another error
     */
    public CapabilityError kind(FailureKind kind) {
        return new CapabilityError(message, statusCode, errorCode, raisedBy, raisedIn, kind, retryAt);
    }

    /**
     * The same with another moment to try again.
     *
     * @param retryAt when the same may succeed; null if nobody knows
     * @return another error
     */
    public CapabilityError retryAt(@Nullable Instant retryAt) {
        return new CapabilityError(message, statusCode, errorCode, raisedBy, raisedIn, kind, retryAt);
    }

    /**
     * The error as it stands in the envelope: {@code message}, {@code status_code}, {@code error_code}, {@code raised_by} and
     * {@code raised_in}, and beside them {@code kind}, {@code retryable} and {@code retry_at}. All are always there.
     *
     * @return a new object
     */
    @JsonValue
    public JsonNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("message", message);
        json.put("status_code", statusCode);
        json.put("error_code", errorCode);
        json.put("raised_by", raisedBy);
        json.put("raised_in", raisedIn);
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("retryable", retryable());
        json.put("retry_at", retryAt == null ? null : retryAt.toString());
        return json;
    }
}
