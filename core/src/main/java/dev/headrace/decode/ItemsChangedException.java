package dev.headrace.decode;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/**
 * A body that was to go on from another does not begin with the same items, so nobody knows where to go on.
 * {@link FailureKind#UNTRUSTED_DATA}. No item of it has been delivered.
 */
public final class ItemsChangedException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    ItemsChangedException(long items) {
        super(
                FailureKind.UNTRUSTED_DATA,
                "The first " + items
                        + " items are not those that were read before; the remote has changed them meanwhile."
                        + " Read this page again from its beginning, or all pages",
                null);
    }
}
