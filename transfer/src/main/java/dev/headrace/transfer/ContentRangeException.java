package dev.headrace.transfer;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** A partial answer does not say, or does not hold, the bytes that were asked for (RFC 9110 §14.4). {@link FailureKind#UNTRUSTED_DATA}. */
public final class ContentRangeException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    ContentRangeException(String request, String what) {
        super(
                FailureKind.UNTRUSTED_DATA,
                request + ": " + what + "; the remote serves no ranges that can be relied on",
                null);
    }
}
