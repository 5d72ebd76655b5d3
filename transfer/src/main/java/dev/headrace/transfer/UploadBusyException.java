package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.nio.file.Path;

/** Another upload, of this or another process, keeps the same journal. {@link FailureKind#LOCAL}. */
public final class UploadBusyException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    UploadBusyException(Path journal) {
        super(
                FailureKind.LOCAL,
                "Another upload keeps the journal " + journal + "; wait for it, or name another one with journal(path)",
                null);
    }
}
