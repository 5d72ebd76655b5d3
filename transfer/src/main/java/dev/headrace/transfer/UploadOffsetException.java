package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * What a server says about an upload cannot be true: an offset that shrank, one beyond all that was sent, another length, or a
 * success that came before all bytes were sent. {@link FailureKind#UNTRUSTED_DATA}.
 */
public final class UploadOffsetException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    UploadOffsetException(String request, String what) {
        this(request + ": " + what + "; begin anew with resume(false) if the server is right");
    }

    private UploadOffsetException(String message) {
        super(FailureKind.UNTRUSTED_DATA, message, null);
    }

    /** A plain upload was answered too early. */
    static UploadOffsetException premature(String request, int status, long sent) {
        return new UploadOffsetException(request + ": status " + status + " came when only " + sent
                + " bytes were sent; the server cannot have all of them");
    }
}
