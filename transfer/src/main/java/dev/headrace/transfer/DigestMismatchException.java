package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The complete file has another digest than was expected. Its bytes have been removed, so that they are never gone on with. {@link FailureKind#UNTRUSTED_DATA}. */
public final class DigestMismatchException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    DigestMismatchException(Path destination, Digest expected, @Nullable String announcedBy, Digest actual) {
        super(
                FailureKind.UNTRUSTED_DATA,
                destination + " would have the digest " + actual + ", but " + expected
                        + (announcedBy == null
                                ? " was expected"
                                : " was announced by " + announcedBy + " (ignoreAnnouncedDigests() does without)")
                        + "; its bytes were removed",
                null);
    }
}
