package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** The remote has another number of bytes than was expected. {@link FailureKind#UNTRUSTED_DATA}. */
public final class SizeMismatchException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    SizeMismatchException(String request, long expected, String actual) {
        super(
                FailureKind.UNTRUSTED_DATA,
                request + ": " + expected + " bytes were expected, but the remote has " + actual,
                null);
    }
}
