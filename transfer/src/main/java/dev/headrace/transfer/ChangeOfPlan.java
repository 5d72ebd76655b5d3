package dev.headrace.transfer;

import dev.headrace.error.HeadraceException;

/** Why all lanes of a download must stop and begin anew in another way. A signal between them, never seen by users. */
final class ChangeOfPlan extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the next round does. */
    enum Next {
        /** Goes on with the bytes up to the first gap, by a single connection. */
        ONE_LANE,
        /** Believes none of the bytes on disk. */
        START_OVER
    }

    private final Next next;
    private final HeadraceException reason;

    ChangeOfPlan(Next next, HeadraceException reason) {
        super(reason.getMessage(), null, false, false);
        this.next = next;
        this.reason = reason;
    }

    Next next() {
        return next;
    }

    HeadraceException reason() {
        return reason;
    }
}
