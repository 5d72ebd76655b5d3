package dev.headrace.resilience;

import dev.headrace.Defaults;
import java.time.Duration;

/**
 * How many exchanges may run at once. A value: every change gives a new one, and {@link #bulkhead()} makes the state that calls share.
 *
 * <p>An exchange holds its place from its sending until its response's body has ended, or it failed or was cancelled; a response whose body
 * nobody reads or gives up holds it for ever. Who finds no place waits in line, holding no connection and no thread. Choose fewer places
 * than the pool has connections, so that nobody waits there.
 *
 * <p>Only exchanges of the profile {@link dev.headrace.http.ExchangeOptions.Profile#CALL} count: streams and transfers live long, and
 * have connections of their own.
 */
public final class BulkheadPolicy {

    private final int maxConcurrent;
    private final int maxQueued;
    private final Duration maxWait;

    private BulkheadPolicy(int maxConcurrent, int maxQueued, Duration maxWait) {
        this.maxConcurrent = maxConcurrent;
        this.maxQueued = maxQueued;
        this.maxWait = maxWait;
    }

    /**
     * Limits how many exchanges run at once.
     *
     * @param maxConcurrent at least 1
     * @return a policy
     */
    public static BulkheadPolicy maxConcurrent(int maxConcurrent) {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("maxConcurrent must be at least 1, but is " + maxConcurrent);
        }
        return new BulkheadPolicy(maxConcurrent, Defaults.BULKHEAD_QUEUED, Defaults.PERMIT_TIMEOUT);
    }

    /**
     * Sets how many callers may wait for a place. The next one fails at once with {@link BulkheadFullException}.
     *
     * @param maxQueued 0 for none; default 500
     * @return a new policy
     */
    public BulkheadPolicy maxQueued(int maxQueued) {
        if (maxQueued < 0) {
            throw new IllegalArgumentException("maxQueued must not be negative, but is " + maxQueued);
        }
        return new BulkheadPolicy(maxConcurrent, maxQueued, maxWait);
    }

    /**
     * Sets the longest wait for a place; then the call fails with {@link BulkheadFullException}.
     *
     * @param maxWait zero never waits; default 30 s
     * @return a new policy
     */
    public BulkheadPolicy maxWait(Duration maxWait) {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, but is " + maxWait);
        }
        return new BulkheadPolicy(maxConcurrent, maxQueued, maxWait);
    }

    /**
     * Exchanges that may run at once.
     *
     * @return at least 1
     */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    /**
     * Callers that may wait.
     *
     * @return default 500
     */
    public int maxQueued() {
        return maxQueued;
    }

    /**
     * Longest wait for a place.
     *
     * @return default 30 s
     */
    public Duration maxWait() {
        return maxWait;
    }

    /**
     * The state of this policy, with all places free. Calls that shall share the places must share it.
     *
     * @return a new bulkhead
     */
    public Bulkhead bulkhead() {
        return new Bulkhead(this);
    }

    @Override
    public String toString() {
        return "BulkheadPolicy[" + maxConcurrent + " at once, " + maxQueued + " waiting, maxWait " + maxWait + "]";
    }
}
