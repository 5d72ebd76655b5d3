package dev.headrace.spring;

import dev.headrace.http.PoolSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code pool}: the connections for ordinary calls.
 *
 * @param maxConnections Connections to one origin. Default 50.
 * @param maxPending Calls that may wait for a connection. Default 500.
 * @param acquireTimeout Longest wait for a connection. Default 10s.
 * @param maxIdle Idle time after which a connection is closed. Default 30s.
 * @param maxLifetime Age at which a connection is closed once it is idle. Default 5m.
 */
record PoolProperties(
        @Nullable Integer maxConnections,
        @Nullable Integer maxPending,
        @Nullable Duration acquireTimeout,
        @Nullable Duration maxIdle,
        @Nullable Duration maxLifetime) {

    PoolSettings pool(PropertyPath path) {
        PoolSettings pool = PoolSettings.defaults();
        pool = path.set(pool, "max-connections", maxConnections, PoolSettings::maxConnections);
        pool = path.set(pool, "max-pending", maxPending, PoolSettings::maxPending);
        pool = path.set(pool, "acquire-timeout", acquireTimeout, PoolSettings::acquireTimeout);
        pool = path.set(pool, "max-idle", maxIdle, PoolSettings::maxIdle);
        return path.set(pool, "max-lifetime", maxLifetime, PoolSettings::maxLifetime);
    }
}
