package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import org.jspecify.annotations.Nullable;

/**
 * A stream broke after bytes were emitted, and the remote gives no strong validator (RFC 9110 §8.8.1) by which what it would send next
 * could be shown to belong to them. The stream cannot go on by itself; read anew, it may hold. The cause is what broke it.
 * {@link FailureKind#TRANSIENT}.
 */
public final class BrokenStreamException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /** Place of the first byte that is missing. */
    private final long position;

    BrokenStreamException(String request, long position, @Nullable Throwable cause) {
        super(
                FailureKind.TRANSIENT,
                request + ": the stream broke before byte " + position + " of the content"
                        + (cause == null ? "" : " (" + cause.getMessage() + ")")
                        + ", and the remote gives nothing to prove that the rest belongs to what came; begin anew",
                cause);
        this.position = position;
    }

    /**
     * Where in the content it broke: all bytes before this one were emitted, from where the stream began.
     *
     * @return the place of the next byte; 0 is the first
     */
    public long position() {
        return position;
    }
}
