package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.nio.file.Path;

/** The destination is there already, and was not to be replaced. {@link FailureKind#LOCAL}. */
public final class DestinationExistsException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    DestinationExistsException(Path destination) {
        super(
                FailureKind.LOCAL,
                destination + " exists already; remove it, or download with onExisting(REPLACE) or onExisting(SKIP)",
                null);
    }
}
