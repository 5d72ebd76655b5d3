package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** The stream of a request's body has more or fewer bytes than were announced for it. {@link FailureKind#LOCAL}. */
public final class BodyLengthException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    BodyLengthException(long announced, String came) {
        super(FailureKind.LOCAL, "A body of " + announced + " bytes was announced, but its stream " + came, null);
    }
}
