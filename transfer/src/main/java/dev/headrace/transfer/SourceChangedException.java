package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * What is to be uploaded is not the same any more as when the upload began: a file with another size, time or identity, or a publisher that
 * gives other bytes the second time. What the server has of the old bytes stays there. {@link FailureKind#LOCAL}.
 */
public final class SourceChangedException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    SourceChangedException(String source, String what) {
        super(
                FailureKind.LOCAL,
                source + " changed since its upload began: " + what + "; begin anew with resume(false)",
                null);
    }
}
