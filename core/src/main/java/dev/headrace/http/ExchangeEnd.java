package dev.headrace.http;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a call or an attempt ended.
 *
 * <p>It tells what happened on the wire: a body that came whole and was then found malformed by whoever decoded it was {@link How#READ}.
 *
 * @param how read, failed, given up or cancelled
 * @param status the response's status; 0 if none came
 * @param successful whether the response {@linkplain Response#isSuccessful() counts as a success}; false if none came
 * @param bytes bytes of the body that were handed to a reader, as they came from the wire
 * @param duration from the start to the end of the body, however slowly it was read
 * @param failure what it failed with; null unless {@link How#FAILED}
 */
public record ExchangeEnd(
        How how,
        int status,
        boolean successful,
        long bytes,
        Duration duration,
        @Nullable Throwable failure) {

    /** The ways in which a call or an attempt ends. */
    public enum How {
        /** A response came and its body was read to the end. */
        READ,
        /** No response came, or its body broke. */
        FAILED,
        /** A response came and nobody wanted more of its body. */
        GIVEN_UP,
        /** Nobody wanted the response any more before it came. */
        CANCELLED
    }

    /**
     * Checks the values.
     *
     * @param how as {@link #how()}
     * @param status as {@link #status()}
     * @param successful as {@link #successful()}
     * @param bytes as {@link #bytes()}
     * @param duration as {@link #duration()}
     * @param failure as {@link #failure()}
     */
    public ExchangeEnd {
        Objects.requireNonNull(how, "how");
        Objects.requireNonNull(duration, "duration");
    }
}
