package dev.headrace.cli;

/** The command was interrupted and has let go of what it held. */
final class InterruptedRunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InterruptedRunException(String message) {
        super(message, null, false, false);
    }
}
