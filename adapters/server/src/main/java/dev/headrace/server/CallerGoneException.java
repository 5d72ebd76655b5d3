package dev.headrace.server;

import java.io.IOException;
import reactor.netty.channel.AbortedException;

/** Whoever asked has gone, or has broken off; there is nobody to answer. */
final class CallerGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallerGoneException(Throwable cause) {
        super("The caller has gone", cause, false, false);
    }

    /** What a failure to write means: that nobody is there, or something else, which stays what it is. */
    static Throwable orElse(Throwable failure) {
        return failure instanceof IOException || failure instanceof AbortedException
                ? new CallerGoneException(failure)
                : failure;
    }
}
