package dev.headrace.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The transport on Reactor Netty: its clients are made once for each {@link Route}, so that requests share pools.
 */
final class NettyTransport implements Transport {

    /** Ways to connect of requests' own that are kept while nobody goes them: who changes the proxy's user for each request has many. */
    static final int KEPT_DETOURS = 64;

    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    private final TransportSettings settings;
    private final Route ordinary;
    private final NettyClients clients;
    // Those used last come last.
    private final Map<Route, Detour> detours = new LinkedHashMap<>(16, 0.75f, true);
    private final Queue<NettyClients> all = new ConcurrentLinkedQueue<>();
    /** Never disposed of, for that would end the event loops. */
    private final Map<EventLoop, Scheduler> clocks = new ConcurrentHashMap<>();

    private final Set<NettyExchange> underWay = ConcurrentHashMap.newKeySet();
    private final OpenConnections connections = new OpenConnections();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    /** No new exchange. */
    private volatile boolean closing;
    /** Nothing under way any more. */
    private volatile boolean closed;

    NettyTransport(TransportSettings settings) {
        this.settings = settings;
        this.ordinary = Route.of(settings);
        TlsContext.warn(settings.tls());
        this.clients = new NettyClients(settings, ordinary, connections);
        all.add(clients);
    }

    @Override
    public Mono<Response> exchange(Request request) {
        return Mono.defer(() -> {
            // Refuses what is no absolute HTTP URL.
            request.origin();
            if (closing) {
                return Mono.error(closed(request));
            }
            Timeouts timeouts = request.options().timeoutsOver(settings.timeouts());
            Route route = Route.of(request, settings, ordinary);
            return route.equals(ordinary)
                    ? new NettyExchange(request, timeouts, this, clients)
                    : detour(route).flatMap(made -> new NettyExchange(request, timeouts, this, made));
        });
    }

    /** Clients for requests that connect in a way of their own, made once for all that connect so. */
    private Mono<NettyClients> detour(Route route) {
        synchronized (detours) {
            Detour detour = detours.computeIfAbsent(route, Detour::new);
            if (detours.size() > KEPT_DETOURS) {
                detours.values().stream()
                        .filter(each -> each != detour && each.isIdle())
                        .findFirst()
                        .ifPresent(longestUnused -> {
                            detours.remove(longestUnused.route);
                            longestUnused.close();
                        });
            }
            return detour.clients;
        }
    }

    int detours() {
        synchronized (detours) {
            return detours.size();
        }
    }

    static IllegalStateException closed(Request request) {
        return new IllegalStateException("The connector is closed: " + request.describe() + " was not sent");
    }

    @Override
    public List<PoolState> pools() {
        Map<String, PoolState> states = new TreeMap<>();
        for (NettyClients each : all) {
            each.pools().forEach(state -> states.merge(state.origin(), state, PoolState::plus));
        }
        return List.copyOf(states.values());
    }

    @Override
    public void close() {
        closing = true;
        closed = true;
        underWay.forEach(NettyExchange::closed);
        all.forEach(NettyClients::close);
        connections.close();
    }

    @Override
    public Mono<Void> closeGracefully(Duration grace) {
        return Mono.defer(() -> {
                    closing = true;
                    signalWhenIdle();
                    return idle.asMono().timeout(grace).onErrorComplete(TimeoutException.class);
                })
                .then(Mono.defer(() -> {
                    close();
                    return connections.whenClosed();
                }));
    }

    /** An exchange is under way now, unless this is closing. */
    boolean begin(NettyExchange exchange) {
        underWay.add(exchange);
        // First the entry, then the look: whoever closes does it the other way round.
        return !closing;
    }

    void end(NettyExchange exchange) {
        underWay.remove(exchange);
        signalWhenIdle();
    }

    boolean isClosed() {
        return closed;
    }

    PoolSettings pool() {
        return settings.pool();
    }

    Scheduler clock(EventLoop loop) {
        Scheduler known = clocks.get(loop);
        // Looked for first, for the other takes a lock.
        return known == null ? clocks.computeIfAbsent(loop, Schedulers::fromExecutorService) : known;
    }

    private void signalWhenIdle() {
        if (closing && underWay.isEmpty()) {
            idle.tryEmitEmpty();
        }
    }

    /** Another way to connect, with the clients that go it. */
    private final class Detour {

        private final Route route;
        private final Mono<NettyClients> clients;
        private volatile @Nullable NettyClients made;

        Detour(Route route) {
            this.route = route;
            this.clients = Mono.fromCallable(this::make)
                    .subscribeOn(Schedulers.boundedElastic())
                    .doOnError(failure -> forget())
                    // What failed is tried again: the file may be there by then.
                    .cache(clients -> FOR_EVER, error -> Duration.ZERO, () -> Duration.ZERO);
        }

        private NettyClients make() {
            TlsContext.warn(route.tls());
            NettyClients clients = new NettyClients(settings, route, connections);
            all.add(clients);
            made = clients;
            // First the list, then the look: whoever closes does it the other way round.
            if (closed) {
                clients.close();
            }
            return clients;
        }

        private void forget() {
            synchronized (detours) {
                detours.remove(route, this);
            }
        }

        boolean isIdle() {
            NettyClients clients = made;
            return clients != null
                    && clients.pools().stream().allMatch(pool -> pool.active() == 0 && pool.pending() == 0);
        }

        void close() {
            NettyClients clients = Objects.requireNonNull(made);
            all.remove(clients);
            clients.close();
        }
    }
}
