package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.nio.file.Path;

/** Another download, of this or another process, writes to the same destination. {@link FailureKind#LOCAL}. */
public final class DestinationBusyException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    DestinationBusyException(Path destination) {
        super(
                FailureKind.LOCAL,
                "Another download writes to " + destination + "; wait for it, or choose another name",
                null);
    }
}
