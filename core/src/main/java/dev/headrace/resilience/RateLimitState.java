package dev.headrace.resilience;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one key of a {@link RateLimiter} stands.
 *
 * @param key what the requests have in common; the origin by default
 * @param available permits left by our own rates, the tightest of them; below zero if a heavy request owes some; null without rates
 * @param waiting callers in line
 * @param pausedUntil until when nobody is let through, by what the server said; null if it is not so
 * @param limit the server's limit as last seen in a response; null if it said none or nobody looks at it
 * @param remaining what the server said was left
 * @param reset when the server said that all will be back
 */
public record RateLimitState(
        String key,
        @Nullable Long available,
        int waiting,
        @Nullable Instant pausedUntil,
        @Nullable Long limit,
        @Nullable Long remaining,
        @Nullable Instant reset) {

    /**
     * Takes the values.
     *
     * @param key as {@link #key()}
     * @param available as {@link #available()}
     * @param waiting as {@link #waiting()}
     * @param pausedUntil as {@link #pausedUntil()}
     * @param limit as {@link #limit()}
     * @param remaining as {@link #remaining()}
     * @param reset as {@link #reset()}
     */
    public RateLimitState {}
}
