package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * The remote has another version of the content than the one the bytes on disk belong to, and starting over did not help; or than the one
 * whose first bytes a stream has emitted, and those cannot be taken back. {@link FailureKind#UNTRUSTED_DATA}.
 */
public final class ContentChangedException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    ContentChangedException(String request, String what) {
        super(
                FailureKind.UNTRUSTED_DATA,
                request + ": the content changed while it was read: " + what + "; try again when it stays the same",
                null);
    }
}
