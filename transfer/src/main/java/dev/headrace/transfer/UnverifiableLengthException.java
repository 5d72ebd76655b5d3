package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** The remote does not say where the content ends (RFC 9112 §6.3), so nobody can tell whether it is complete. What came is kept in the part file of a download, or was emitted by a stream. {@link FailureKind#UNTRUSTED_DATA}. */
public final class UnverifiableLengthException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    UnverifiableLengthException(String request, long received) {
        super(
                FailureKind.UNTRUSTED_DATA,
                request + ": the end of the content cannot be told from a broken connection after " + received
                        + " bytes; say how many bytes or which digest is expected, or allowUnframed() if this will do",
                null);
    }
}
