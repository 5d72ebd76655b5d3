package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * The remote sent less than the {@link MinimumSpeed} all the while more was asked for. The connection was given up; over a new one the rest
 * may come faster. {@link FailureKind#TRANSIENT}.
 */
public final class TransferTooSlowException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    TransferTooSlowException(String request, long bytes, MinimumSpeed least) {
        super(
                FailureKind.TRANSIENT,
                request + ": the body came with " + bytes + " bytes in " + least.time() + ", and at least " + least
                        + " are wanted; try again, or lower the minimum speed if the remote is no faster",
                null);
    }
}
