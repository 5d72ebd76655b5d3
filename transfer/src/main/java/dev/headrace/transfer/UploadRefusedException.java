package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * The upload and the server do not fit: it takes nothing that long, wants to know the length, speaks another version of tus, or gave a URL
 * that must not be used. {@link FailureKind#CONFIGURATION}.
 */
public final class UploadRefusedException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    UploadRefusedException(String request, String what) {
        super(FailureKind.CONFIGURATION, request + ": " + what, null);
    }
}
