package dev.headrace.cli;

/** Nobody reads standard output any more, as behind {@code head -3}. */
final class ClosedPipeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClosedPipeException(Throwable cause) {
        super("standard output is closed", cause, false, false);
    }
}
