package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** The remote sent coded bytes (RFC 9110 §8.4) although the bytes themselves were asked for; they could not be gone on with. {@link FailureKind#UNTRUSTED_DATA}. */
public final class ContentCodedException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    ContentCodedException(String request, String coding) {
        super(
                FailureKind.UNTRUSTED_DATA,
                request + ": the content came in the coding " + coding + " although identity was asked for",
                null);
    }
}
