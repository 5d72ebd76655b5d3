package dev.headrace.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpConnectionPoolMetrics;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/**
 * The pools that exist: Reactor Netty makes one for each origin and keeps it for ever. Told of each new pool and nothing else, so it costs
 * a request nothing. Where there are many, those that hold no connection and nobody waits for are thrown away.
 */
final class PoolRegistry implements ConnectionProvider.MeterRegistrar {

    /** Empty pools are kept up to this many: a crawler meets more hosts than it will come back to. */
    static final int KEPT = 256;

    /** A pool is made before its first connection is asked for: a young one that looks empty is about to be used. */
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Key(String name, String id, SocketAddress address) {}

    private record Pool(ConnectionPoolMetrics metrics, long since) {

        boolean isYoung(long now) {
            return now - since < YOUNG_NANOS;
        }

        boolean isBusy(long now) {
            return isYoung(now) || metrics.allocatedSize() > 0 || metrics.pendingAcquireSize() > 0;
        }
    }

    private final Map<Key, Pool> pools = new ConcurrentHashMap<>();
    private final List<ConnectionProvider> providers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    void watch(ConnectionProvider provider) {
        providers.add(provider);
    }

    @Override
    public void registerMetrics(String poolName, String id, SocketAddress address, ConnectionPoolMetrics metrics) {
        pools.put(new Key(poolName, id, address), new Pool(metrics, now()));
        sweepLater();
    }

    @Override
    public void deRegisterMetrics(String poolName, String id, SocketAddress address) {
        pools.remove(new Key(poolName, id, address));
    }

    /** Where there are many, once those that are young now have grown old. */
    private void sweepLater() {
        if (pools.size() > KEPT && sweeping.compareAndSet(false, true)) {
            Schedulers.boundedElastic().schedule(this::sweep, YOUNG_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping.set(false);
        long now = now();
        List<SocketAddress> busy = new ArrayList<>();
        pools.forEach((key, pool) -> {
            if (pool.isBusy(now)) {
                busy.add(key.address());
            }
        });
        pools.keySet().stream()
                .map(Key::address)
                .distinct()
                .filter(address -> !busy.contains(address))
                .forEach(address -> providers.forEach(provider -> provider.disposeWhen(address)));
        if (pools.values().stream().anyMatch(pool -> pool.isYoung(now))) {
            sweepLater();
        }
    }

    private static long now() {
        return Schedulers.boundedElastic().now(TimeUnit.NANOSECONDS);
    }

    /** One for each origin. */
    List<PoolState> states() {
        Map<String, PoolState> states = new ConcurrentHashMap<>();
        pools.forEach((key, pool) -> {
            PoolState state = state(key, pool.metrics());
            states.merge(state.origin(), state, PoolState::plus);
        });
        return List.copyOf(states.values());
    }

    private static PoolState state(Key key, ConnectionPoolMetrics pool) {
        String origin = key.address() instanceof InetSocketAddress host
                ? host.getHostString() + ":" + host.getPort()
                : key.address().toString();
        // An HTTP/2 pool takes its connections from the ordinary one, which counts them.
        return pool instanceof HttpConnectionPoolMetrics http2
                ? new PoolState(origin, 0, 0, http2.pendingAcquireSize(), http2.activeStreamSize())
                : new PoolState(origin, pool.acquiredSize(), pool.idleSize(), pool.pendingAcquireSize(), 0);
    }
}
