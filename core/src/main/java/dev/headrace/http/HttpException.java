package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import org.jspecify.annotations.Nullable;

/** A failure of an exchange: it knows which request it belongs to. */
public abstract class HttpException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient String request;

    /**
     * Creates a failure.
     *
     * @param kind what a caller can do about it
     * @param request method and URI as they may be printed
     * @param message what happened and what to try; the request is put in front
     * @param cause what made it happen, if something else did
     */
    protected HttpException(FailureKind kind, String request, String message, @Nullable Throwable cause) {
        super(kind, request + ": " + message, cause);
        this.request = request;
    }

    /**
     * Method and URI of the request, without secrets.
     *
     * @return such as {@code GET https://api.example.com/issues?page=2}
     */
    public final String request() {
        return request;
    }
}
