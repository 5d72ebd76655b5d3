package dev.headrace.connector;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a remote is, as seen from here at one moment.
 *
 * @param status whether it can be used
 * @param latency time from asking to the head of the answer, waits of ours included; zero if nothing was sent
 * @param reason why it is not {@link Status#UP}, in words that may be shown; empty if it is
 * @param statusCode the status it answered with; null if it did not answer
 */
public record Health(
        Status status,
        Duration latency,
        String reason,
        @Nullable Integer statusCode) {

    /** The states of health. */
    public enum Status {
        /** It answers, with any status below 500. */
        UP,
        /** It answers, but slows us down (429), refuses the credentials (401, 403, 407), or has only just begun to answer again. */
        DEGRADED,
        /** It does not answer, answers with 500 or above or what a rule takes for a failure that may pass, or the circuit breaker is open. */
        DOWN,
        /** Nobody knows: this side could not ask, or its turn in a line of ours did not come in time. */
        UNKNOWN
    }

    /**
     * Checks the values.
     *
     * @param status as {@link #status()}
     * @param latency as {@link #latency()}
     * @param reason as {@link #reason()}
     * @param statusCode as {@link #statusCode()}
     */
    public Health {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(latency, "latency");
        Objects.requireNonNull(reason, "reason");
    }

    /**
     * Whether it can be used.
     *
     * @return true for {@link Status#UP} and {@link Status#DEGRADED}
     */
    public boolean isUsable() {
        return status == Status.UP || status == Status.DEGRADED;
    }
}
