package dev.headrace.capability;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What went wrong, as one word that programs can go by. Callers see it behind the integration's id: {@code acme.bad_request}; codes of two
 * words have a third level: {@code acme.conflict.login_taken}.
 */
public final class ErrorCode {

    /** What was asked for does not exist. */
    public static final ErrorCode NOT_FOUND = new ErrorCode("not_found");

    /** The integration made a mistake. */
    public static final ErrorCode INTERNAL_ERROR = new ErrorCode("internal_error");

    /** The remote refused in a way that has no code of its own. */
    public static final ErrorCode API_ERROR = new ErrorCode("api_error");

    /** The credentials were refused. */
    public static final ErrorCode UNAUTHORIZED = new ErrorCode("unauthorized");

    /** What was asked for makes no sense: a malformed document, a missing or wrong value. */
    public static final ErrorCode BAD_REQUEST = new ErrorCode("bad_request");

    /** The credentials are right, but do not permit this. */
    public static final ErrorCode PERMISSION_DENIED = new ErrorCode("permission_denied");

    /** The integration has no such capability. */
    public static final ErrorCode NOT_IMPLEMENTED = new ErrorCode("not_implemented");

    /** Something failed that nobody foresaw. */
    public static final ErrorCode UNEXPECTED_ERROR = new ErrorCode("unexpected_error");

    /** The remote does not do this. */
    public static final ErrorCode UNSUPPORTED_OPERATION = new ErrorCode("unsupported_operation");

    /** A parameter that nobody knows. */
    public static final ErrorCode UNKNOWN_PARAMETER = new ErrorCode("unknown_parameter");

    /** A value that is none of those that are possible. */
    public static final ErrorCode UNKNOWN_VALUE = new ErrorCode("unknown_value");

    /** A value that cannot be. */
    public static final ErrorCode INVALID_VALUE = new ErrorCode("invalid_value");

    /** Too much at once: slow down. */
    public static final ErrorCode RATE_LIMIT = new ErrorCode("rate_limit");

    /** The remote did not answer in time. */
    public static final ErrorCode TIMEOUT = new ErrorCode("timeout");

    /** The remote says that the request took too long to arrive. */
    public static final ErrorCode REQUEST_TIMEOUT = new ErrorCode("request_timeout");

    /** What was asked for contradicts what is there. */
    public static final ErrorCode CONFLICT = new ErrorCode("conflict");

    /** The remote cannot serve at the moment. */
    public static final ErrorCode SERVICE_ERROR = new ErrorCode("service_error");

    /** The remote, or something before it, is broken, or cannot be reached. */
    public static final ErrorCode BAD_GATEWAY = new ErrorCode("bad_gateway");

    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    private final String value;

    private ErrorCode(String value) {
        this.value = value;
    }

    /**
     * A code of one's own.
     *
     * @param value lower case letters, digits and single underscores, such as {@code seat_taken}
     * @return the code
     * @throws IllegalArgumentException if it is written in another way
     */
    public static ErrorCode custom(String value) {
        return new ErrorCode(checked(value));
    }

    /**
     * This code with a third level.
     *
     * @param detail as for {@link #custom}
     * @return such as {@code conflict.login_taken}
     * @throws IllegalArgumentException if it is written in another way, or this code has a third level already
     */
    public ErrorCode detail(String detail) {
        if (value.indexOf('.') >= 0) {
            throw new IllegalArgumentException("The error code '" + value + "' has a detail already");
        }
        return new ErrorCode(value + "." + checked(detail));
    }

    /** Those that every integration may use. */
    static List<ErrorCode> usual() {
        return List.of(
                NOT_FOUND,
                INTERNAL_ERROR,
                API_ERROR,
                UNAUTHORIZED,
                BAD_REQUEST,
                PERMISSION_DENIED,
                NOT_IMPLEMENTED,
                UNEXPECTED_ERROR,
                UNSUPPORTED_OPERATION,
                UNKNOWN_PARAMETER,
                UNKNOWN_VALUE,
                INVALID_VALUE,
                RATE_LIMIT,
                TIMEOUT,
                REQUEST_TIMEOUT,
                CONFLICT,
                SERVICE_ERROR,
                BAD_GATEWAY);
    }

    private static String checked(String word) {
        if (!WORD.matcher(word).matches()) {
            throw new IllegalArgumentException(
                    "An error code is lower case letters, digits and single underscores, but this is '" + word + "'");
        }
        return word;
    }

    /**
     * The code without the integration's id.
     *
     * @return such as {@code bad_request}
     */
    public String value() {
        return value;
    }

    /**
     * The code as callers see it.
     *
     * @param integration the integration's id
     * @return such as {@code acme.bad_request}
     */
    public String in(String integration) {
        return Objects.requireNonNull(integration, "integration") + "." + value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ErrorCode code && value.equals(code.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
