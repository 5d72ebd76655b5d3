package dev.headrace.airbyte;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import reactor.core.Exceptions;

/**
 * What is said of a failure. Only messages of our own are shown, for nobody has taken the secrets out of others.
 *
 * @param type the protocol's word for what can be done about it
 * @param message for whoever set the connection up
 * @param internal for whoever made the source
 */
record Failure(String type, String message, String internal) {

    private static final String CONFIG = "config_error";
    private static final String TRANSIENT = "transient_error";
    private static final String SYSTEM = "system_error";

    static Failure of(Throwable thrown) {
        Throwable failure = Exceptions.unwrap(thrown);
        String name = failure.getClass().getName();
        if (failure instanceof HeadraceException known) {
            return new Failure(
                    type(known.kind()), String.valueOf(known.getMessage()), name + " of kind " + known.kind());
        }
        String simple = failure.getClass().getSimpleName();
        // The library says so about what it was given, and a source gives it what it was configured with.
        return failure instanceof IllegalArgumentException
                ? new Failure(CONFIG, "The source cannot work with its configuration (" + simple + "); check it", name)
                : new Failure(SYSTEM, "An unforeseen " + simple + "; report it to whoever made the source", name);
    }

    /** The message for somebody who waits for an answer now, and may ask again. */
    String answer() {
        return type.equals(TRANSIENT) ? message + "; this may pass by itself, so check again later" : message;
    }

    private static String type(FailureKind kind) {
        return switch (kind) {
            case CONFIGURATION -> CONFIG;
            case TRANSIENT -> TRANSIENT;
            case PERMANENT, UNTRUSTED_DATA, LOCAL -> SYSTEM;
        };
    }
}
