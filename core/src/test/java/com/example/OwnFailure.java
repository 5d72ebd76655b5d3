package com.example;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** A failure of somebody else's. */
public final class OwnFailure extends HeadraceException {

    private static final long serialVersionUID = 1L;

    public OwnFailure() {
        super(FailureKind.LOCAL, "mine", null);
    }
}
