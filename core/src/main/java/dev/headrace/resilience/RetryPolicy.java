package dev.headrace.resilience;

import dev.headrace.Defaults;
import dev.headrace.http.Interceptor;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * When a failed attempt is made again, and after what wait. A value: every change gives a new one.
 *
 * <p>An attempt is made again after a status of {@link #statuses()} or a failure of kind
 * {@link dev.headrace.error.FailureKind#TRANSIENT}, if sending the request twice is harmless: the method is idempotent (RFC 9110 §9.2.2), it
 * carries an {@code Idempotency-Key}, or it surely was not sent. What the server asks for in {@code Retry-After} is waited first; our own
 * backoff with its jitter comes on top, so that nobody returns early and callers do not return together.
 */
public final class RetryPolicy {

    private static final RetryPolicy DEFAULTS = new RetryPolicy(
            Defaults.MAX_RETRIES,
            Defaults.RETRY_DELAY,
            Defaults.RETRY_MAX_DELAY,
            Defaults.RETRY_JITTER,
            Defaults.RETRY_STATUSES,
            Defaults.MAX_RETRY_AFTER,
            false);

    private final int maxRetries;
    private final Duration firstDelay;
    private final Duration maxDelay;
    private final double jitter;
    private final Set<Integer> statuses;
    private final Duration maxRetryAfter;
    private final boolean allMethods;

    private RetryPolicy(
            int maxRetries,
            Duration firstDelay,
            Duration maxDelay,
            double jitter,
            Set<Integer> statuses,
            Duration maxRetryAfter,
            boolean allMethods) {
        this.maxRetries = maxRetries;
        this.firstDelay = firstDelay;
        this.maxDelay = maxDelay;
        this.jitter = jitter;
        this.statuses = statuses;
        this.maxRetryAfter = maxRetryAfter;
        this.allMethods = allMethods;
    }

    /**
     * Three retries after 500 ms, 1 s and 2 s, each with up to half of itself added or taken by chance.
     *
     * @return the defaults
     */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * No retry at all, not even when the server says when to come back.
     *
     * @return the policy
     */
    public static RetryPolicy never() {
        return DEFAULTS.maxRetries(0);
    }

    /**
     * Waits that double from one retry to the next.
     *
     * @param firstDelay wait before the first retry; more than zero; the longest wait is at least as long
     * @return a policy, otherwise as the defaults
     */
    public static RetryPolicy exponential(Duration firstDelay) {
        return new RetryPolicy(
                DEFAULTS.maxRetries,
                positive("firstDelay", firstDelay),
                firstDelay.compareTo(DEFAULTS.maxDelay) > 0 ? firstDelay : DEFAULTS.maxDelay,
                DEFAULTS.jitter,
                DEFAULTS.statuses,
                DEFAULTS.maxRetryAfter,
                false);
    }

    /**
     * Sets how often a call is tried again.
     *
     * @param maxRetries retries after the first attempt; 0 for none; default 3
     * @return a new policy
     */
    public RetryPolicy maxRetries(int maxRetries) {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must not be negative, but is " + maxRetries);
        }
        return new RetryPolicy(maxRetries, firstDelay, maxDelay, jitter, statuses, maxRetryAfter, allMethods);
    }

    /**
     * Sets the longest wait of our own.
     *
     * @param maxDelay at least the first wait; default 30 s
     * @return a new policy
     */
    public RetryPolicy maxDelay(Duration maxDelay) {
        if (maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "maxDelay must not be shorter than the first delay of " + firstDelay + ", but is " + maxDelay);
        }
        return new RetryPolicy(maxRetries, firstDelay, maxDelay, jitter, statuses, maxRetryAfter, allMethods);
    }

    /**
     * Sets how much of a wait chance decides.
     *
     * @param jitter 0 for none, 1 for up to all of it; default 0.5
     * @return a new policy
     */
    public RetryPolicy jitter(double jitter) {
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, but is " + jitter);
        }
        return new RetryPolicy(maxRetries, firstDelay, maxDelay, jitter, statuses, maxRetryAfter, allMethods);
    }

    /**
     * Sets the statuses that may pass by themselves.
     *
     * @param statuses default 408 413 425 429 500 502 503 504 521 522 524
     * @return a new policy
     */
    public RetryPolicy statuses(Set<Integer> statuses) {
        return new RetryPolicy(
                maxRetries, firstDelay, maxDelay, jitter, Set.copyOf(statuses), maxRetryAfter, allMethods);
    }

    /**
     * Sets the longest wait that a server may ask for; when it asks for more, the call ends at once with what the server said.
     *
     * @param maxRetryAfter default 2 min
     * @return a new policy
     */
    public RetryPolicy maxRetryAfter(Duration maxRetryAfter) {
        Objects.requireNonNull(maxRetryAfter, "maxRetryAfter");
        return new RetryPolicy(maxRetries, firstDelay, maxDelay, jitter, statuses, maxRetryAfter, allMethods);
    }

    /**
     * Retries requests of every method, although sending a POST twice may do its work twice.
     *
     * @return a new policy
     */
    public RetryPolicy retryAllMethods() {
        return new RetryPolicy(maxRetries, firstDelay, maxDelay, jitter, statuses, maxRetryAfter, true);
    }

    /**
     * Retries after the first attempt.
     *
     * @return default 3
     */
    public int maxRetries() {
        return maxRetries;
    }

    /**
     * Wait before the first retry.
     *
     * @return default 500 ms
     */
    public Duration firstDelay() {
        return firstDelay;
    }

    /**
     * Longest wait of our own.
     *
     * @return default 30 s
     */
    public Duration maxDelay() {
        return maxDelay;
    }

    /**
     * Share of a wait that chance decides.
     *
     * @return default 0.5
     */
    public double jitter() {
        return jitter;
    }

    /**
     * Statuses that may pass by themselves.
     *
     * @return the statuses
     */
    public Set<Integer> statuses() {
        return statuses;
    }

    /**
     * Longest wait that a server may ask for.
     *
     * @return default 2 min
     */
    public Duration maxRetryAfter() {
        return maxRetryAfter;
    }

    /**
     * Whether requests of every method are retried.
     *
     * @return default false
     */
    public boolean retriesAllMethods() {
        return allMethods;
    }

    /**
     * This policy as behaviour of an exchange. It is the only one that sends again.
     *
     * @return the interceptor
     */
    public Interceptor asInterceptor() {
        return new RetryInterceptor(this);
    }

    @Override
    public String toString() {
        return "RetryPolicy[" + maxRetries + " retries from " + firstDelay.toMillis() + " ms to " + maxDelay.toMillis()
                + " ms" + (allMethods ? ", all methods" : "") + "]";
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + value);
        }
        return value;
    }
}
