package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import org.jspecify.annotations.Nullable;

/** A failure of an exchange: it knows which request, and which attempt at it, it belongs to. */
public abstract class HttpException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient String method;
    private final transient String uri;
    private final transient int attempt;

    /**
     * Creates a failure.
     *
     * @param kind what a caller can do about it
     * @param request what was sent, or would have been; only what may be printed of it is kept
     * @param message what happened and what to try; the request is put in front
     * @param cause what made it happen, if something else did
     */
    protected HttpException(FailureKind kind, Request request, String message, @Nullable Throwable cause) {
        super(kind, request.describe() + ": " + message, cause);
        this.method = request.method();
        this.uri = request.printableTarget();
        this.attempt = request.attempt();
    }

    /**
     * Method and URI of the request, without secrets.
     *
     * @return such as {@code GET https://api.example.com/issues?page=2}
     */
    public final String request() {
        return method + " " + uri;
    }

    /**
     * The method of the request.
     *
     * @return such as {@code GET}
     */
    public final String method() {
        return method;
    }

    /**
     * The target of the request as it may be printed.
     *
     * @return the URI without secrets
     */
    public final String uri() {
        return uri;
    }

    /**
     * Which attempt of its call failed.
     *
     * @return 1 for the first, 2 for the first retry, and so on
     */
    public final int attempt() {
        return attempt;
    }

    /**
     * Whether any of the request may have reached the remote. If not, sending it again is harmless whatever its method.
     *
     * @return false only if it surely was not sent
     */
    public boolean requestSent() {
        return true;
    }
}
