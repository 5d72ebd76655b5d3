package dev.headrace.server;

/** Whoever asked has gone, or has broken off; there is nobody to answer. */
final class CallerGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallerGoneException(Throwable cause) {
        super("The caller has gone", cause, false, false);
    }
}
