package dev.headrace.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the body of a response ended, and with it the use of its connection.
 *
 * @param how read to its end, broken, or given up
 * @param bytes bytes of the body that were handed to a reader, as they came from the wire
 * @param failure what it broke with; null unless {@link How#FAILED}
 */
public record BodyEnd(How how, long bytes, @Nullable Throwable failure) {

    /** The ways in which a body ends. */
    public enum How {
        /** Complete. */
        READ,
        /** Broken: by the remote, the network, or a timeout. */
        FAILED,
        /** Nobody wanted more of it: the reader cancelled, or nobody read it. */
        GIVEN_UP
    }

    /**
     * Checks the values.
     *
     * @param how as {@link #how()}
     * @param bytes as {@link #bytes()}
     * @param failure as {@link #failure()}
     */
    public BodyEnd {
        Objects.requireNonNull(how, "how");
    }
}
