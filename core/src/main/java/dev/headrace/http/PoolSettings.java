package dev.headrace.http;

import dev.headrace.Defaults;
import java.time.Duration;

/**
 * The pool of connections for ordinary calls. Event streams have a connection each and transfers a pool of their own, so that
 * neither starves a call.
 *
 * @param maxConnections connections to one origin; default 50
 * @param maxPending calls that may wait for one; default 500
 * @param acquireTimeout longest wait for one; default 10 s
 * @param maxIdle idle time after which a connection is closed in the background; default 30 s, below what load balancers use
 * @param maxLifetime age at which a connection is closed once it is idle; default 5 min
 */
public record PoolSettings(
        int maxConnections, int maxPending, Duration acquireTimeout, Duration maxIdle, Duration maxLifetime) {

    private static final PoolSettings DEFAULTS = new PoolSettings(
            Defaults.POOL_CONNECTIONS,
            Defaults.POOL_PENDING,
            Defaults.POOL_ACQUIRE_TIMEOUT,
            Defaults.POOL_IDLE,
            Defaults.POOL_LIFETIME);

    /**
     * Checks the values.
     *
     * @param maxConnections as {@link #maxConnections()}
     * @param maxPending as {@link #maxPending()}
     * @param acquireTimeout as {@link #acquireTimeout()}
     * @param maxIdle as {@link #maxIdle()}
     * @param maxLifetime as {@link #maxLifetime()}
     * @throws IllegalArgumentException if one is out of its range
     */
    public PoolSettings {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections must be at least 1, but is " + maxConnections);
        }
        if (maxPending < 0) {
            throw new IllegalArgumentException("maxPending must not be negative, but is " + maxPending);
        }
        checkPositive("acquireTimeout", acquireTimeout);
        checkPositive("maxIdle", maxIdle);
        checkPositive("maxLifetime", maxLifetime);
    }

    /**
     * 50 connections per origin, 500 waiting, 10 s to acquire, 30 s idle, 5 min old.
     *
     * @return the defaults
     */
    public static PoolSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Connections to one origin.
     *
     * @param maxConnections at least 1
     * @return new settings
     */
    public PoolSettings maxConnections(int maxConnections) {
        return new PoolSettings(maxConnections, maxPending, acquireTimeout, maxIdle, maxLifetime);
    }

    /**
     * Calls that may wait for a connection; one more fails at once with {@link PoolExhaustedException}.
     *
     * @param maxPending 0 or more
     * @return new settings
     */
    public PoolSettings maxPending(int maxPending) {
        return new PoolSettings(maxConnections, maxPending, acquireTimeout, maxIdle, maxLifetime);
    }

    /**
     * Longest wait for a connection; beyond it the call fails with {@link PoolExhaustedException}.
     *
     * @param acquireTimeout more than zero
     * @return new settings
     */
    public PoolSettings acquireTimeout(Duration acquireTimeout) {
        return new PoolSettings(maxConnections, maxPending, acquireTimeout, maxIdle, maxLifetime);
    }

    /**
     * Idle time after which a connection is closed.
     *
     * @param maxIdle more than zero
     * @return new settings
     */
    public PoolSettings maxIdle(Duration maxIdle) {
        return new PoolSettings(maxConnections, maxPending, acquireTimeout, maxIdle, maxLifetime);
    }

    /**
     * Age at which a connection is closed once it is idle.
     *
     * @param maxLifetime more than zero
     * @return new settings
     */
    public PoolSettings maxLifetime(Duration maxLifetime) {
        return new PoolSettings(maxConnections, maxPending, acquireTimeout, maxIdle, maxLifetime);
    }

    private static void checkPositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + value);
        }
    }
}
