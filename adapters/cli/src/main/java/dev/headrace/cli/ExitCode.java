package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;

/** How the command ended, for scripts. */
enum ExitCode {
    /** Done. */
    DONE(0),
    /** The remote or the network failed, after retries. */
    REMOTE(1),
    /** Wrong usage. */
    USAGE(2),
    /** The user must change something first. */
    CONFIGURATION(3),
    /** The data cannot be trusted. */
    UNTRUSTED_DATA(4),
    /** This machine failed. */
    LOCAL(5),
    /** Interrupted; what can be resumed was kept. As shells say it: 128 and the number of the signal. */
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static ExitCode of(Throwable failure) {
        if (failure instanceof HeadraceException known) {
            return of(known.kind());
        }
        if (failure instanceof InterruptedRunException) {
            return INTERRUPTED;
        }
        // The library says so about what it was given, and all of that came from the command line.
        return failure instanceof IllegalArgumentException ? USAGE : REMOTE;
    }

    static ExitCode of(FailureKind kind) {
        return switch (kind) {
            case TRANSIENT, PERMANENT -> REMOTE;
            case CONFIGURATION -> CONFIGURATION;
            case UNTRUSTED_DATA -> UNTRUSTED_DATA;
            case LOCAL -> LOCAL;
        };
    }
}
