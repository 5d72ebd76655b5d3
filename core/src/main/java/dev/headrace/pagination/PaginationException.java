package dev.headrace.pagination;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import org.jspecify.annotations.Nullable;

/**
 * A stream of pages cannot go on: what the remote says about the next page is malformed, leads to another origin, or never ends.
 * What was emitted before stays emitted.
 */
public class PaginationException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure.
     *
     * @param kind what a caller can do about it
     * @param message what happened on which page, and what to try
     * @param cause what made it happen, if something else did
     */
    public PaginationException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(kind, message, cause);
    }

    static PaginationException untrusted(String message, @Nullable Throwable cause) {
        return new PaginationException(FailureKind.UNTRUSTED_DATA, message, cause);
    }
}
