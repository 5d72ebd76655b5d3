package dev.headrace.capability;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a capability says itself, with the code that its caller is to see. No mapper of the integration changes it.
 *
 * <p>Its kind follows from the code: {@code rate_limit}, {@code timeout}, {@code request_timeout}, {@code service_error} and
 * {@code bad_gateway} are {@link FailureKind#TRANSIENT}; {@code unauthorized}, {@code permission_denied}, {@code not_found},
 * {@code bad_request}, {@code unknown_parameter}, {@code unknown_value} and {@code invalid_value} are {@link FailureKind#CONFIGURATION}; all
 * others are {@link FailureKind#PERMANENT}. So are {@code internal_error} and
 * {@code unexpected_error}: whatever went wrong there, the same again will most likely end the same. A third level does not count.
 */
public final class CapabilityException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private static final int NONE = 0;

    private final transient ErrorCode code;
    private final transient int status;
    private final transient @Nullable Instant retryAt;

    private CapabilityException(
            ErrorCode code, String message, @Nullable Throwable cause, int status, @Nullable Instant retryAt) {
        super(kindOf(code), message, cause);
        this.code = code;
        this.status = status;
        this.retryAt = retryAt;
    }

    /**
     * A failure.
     *
     * @param code what went wrong, for programs
     * @param message what happened, to what, and what to try. It is shown to callers as it is: the caller of this method sees to it that
     *     there is no secret in it
     * @return the failure
     */
    public static CapabilityException of(ErrorCode code, String message) {
        return new CapabilityException(code, Objects.requireNonNull(message, "message"), null, NONE, null);
    }

    /**
     * A failure that something else made happen.
     *
     * @param code what went wrong, for programs
     * @param message as for {@link #of(ErrorCode, String)}
     * @param cause for logs; callers do not see it
     * @return the failure
     */
    public static CapabilityException of(ErrorCode code, String message, Throwable cause) {
        return new CapabilityException(
                code, Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"), NONE, null);
    }

    /**
     * This failure with the status code that the remote answered with.
     *
     * @param status 100 to 599
     * @return a copy
     * @throws IllegalArgumentException if it is no status code
     */
    public CapabilityException status(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status must be 100 to 599, but is " + status);
        }
        return new CapabilityException(code, message(), getCause(), status, retryAt);
    }

    /**
     * This failure with the earliest moment at which trying again may help.
     *
     * @param retryAt by this machine's clock
     * @return a copy
     */
    public CapabilityException retryAt(Instant retryAt) {
        return new CapabilityException(code, message(), getCause(), status, Objects.requireNonNull(retryAt, "retryAt"));
    }

    private String message() {
        return Objects.requireNonNull(getMessage());
    }

    private static FailureKind kindOf(ErrorCode code) {
        return switch (code.value().split("\\.", 2)[0]) {
            case "rate_limit", "timeout", "request_timeout", "service_error", "bad_gateway" -> FailureKind.TRANSIENT;
            case "unauthorized",
                    "permission_denied",
                    "not_found",
                    "bad_request",
                    "unknown_parameter",
                    "unknown_value",
                    "invalid_value" -> FailureKind.CONFIGURATION;
            default -> FailureKind.PERMANENT;
        };
    }

    /**
     * What went wrong, for programs.
     *
     * @return the code, without the integration's id
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * The status code that the remote answered with.
     *
     * @return 100 to 599; empty if there is none
     */
    public OptionalInt status() {
        return status == NONE ? OptionalInt.empty() : OptionalInt.of(status);
    }

    @Override
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }
}
