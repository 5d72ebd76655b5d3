package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A file could not be opened, written, read or renamed: no space, no permission, a directory that is gone. It is never retried by
 * itself; what was written before is kept, and the next run goes on from there. {@link FailureKind#LOCAL}.
 */
public final class DiskException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    DiskException(String what, Path file, IOException cause) {
        super(
                FailureKind.LOCAL,
                "Cannot " + what + " " + file + ": " + reason(cause) + "; put that right and call again to go on",
                cause);
    }

    /** Java's file exceptions have the path for their message and the reason, if any, elsewhere. */
    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException file) {
            return file.getReason() != null ? file.getReason() : file.getClass().getSimpleName();
        }
        return String.valueOf(cause.getMessage());
    }
}
