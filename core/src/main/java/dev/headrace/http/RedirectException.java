package dev.headrace.http;

import dev.headrace.error.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * A redirect that must not be followed: in a circle, one too many, from https down to http, or to what is no http or https URL.
 * {@link FailureKind#CONFIGURATION}: the address asked for is probably not the right one any more. The
 * {@linkplain #request() request} is the one that was answered by that redirect.
 */
public final class RedirectException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient int status;

    RedirectException(Request request, int status, String message, @Nullable Throwable cause) {
        super(FailureKind.CONFIGURATION, request, message, cause);
        this.status = status;
    }

    /**
     * The status of the redirect.
     *
     * @return 301, 302, 303, 307 or 308
     */
    public int status() {
        return status;
    }
}
