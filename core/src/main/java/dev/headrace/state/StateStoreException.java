package dev.headrace.state;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import org.jspecify.annotations.Nullable;

/**
 * State could not be loaded, saved or deleted, or what was loaded is no JSON. The stores of this library signal
 * {@link FailureKind#LOCAL} for the first and {@link FailureKind#UNTRUSTED_DATA} for the second, and never try again by themselves. It is
 * {@link FailureKind#CONFIGURATION} where two subscriptions want to save under one key.
 */
public final class StateStoreException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure; for stores.
     *
     * @param kind what a caller can do about it; {@link FailureKind#TRANSIENT} if a later attempt may succeed
     * @param message what happened, to which key and where, and what to try; without secrets
     * @param cause what made it happen, if something else did
     */
    public StateStoreException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(kind, message, cause);
    }
}
