package dev.headrace.resilience;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one key of a {@link CircuitBreaker} stands.
 *
 * @param key what the requests have in common; the origin by default
 * @param position whether calls pass
 * @param failures failures among the calls it looks at
 * @param retryAt when calls are tried again; null unless it is open
 */
public record CircuitState(
        String key,
        Position position,
        int failures,
        @Nullable Instant retryAt) {

    /** Whether calls pass. */
    public enum Position {
        /** Calls pass. */
        CLOSED,
        /** Calls are refused. */
        OPEN,
        /** Some calls pass to see whether all may. */
        HALF_OPEN
    }

    /**
     * Takes the values.
     *
     * @param key as {@link #key()}
     * @param position as {@link #position()}
     * @param failures as {@link #failures()}
     * @param retryAt as {@link #retryAt()}
     */
    public CircuitState {
        Objects.requireNonNull(position, "position");
    }
}
