package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.ExchangeOptions.Profile;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider;
import reactor.netty.transport.ProxyProvider;

/**
 * The clients of Reactor Netty for one way to connect: one for each profile, with pools of their own. Whoever is trusted, or goes through a
 * proxy, by one setting never meets a connection made by another.
 */
final class NettyClients {

    private static final List<HttpMethod> USUAL = List.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);
    private static final int LARGE_CHUNK = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final TransportSettings settings;
    private final Route route;
    private final OpenConnections connections;
    private final PoolRegistry pools = new PoolRegistry();
    private final ConnectionProvider callPool;
    private final ConnectionProvider transferPool;
    private final Senders calls;
    private final Senders events;
    private final Senders transfers;

    /** Reads certificates and resolves the proxy: blocks. Opens nothing. */
    NettyClients(TransportSettings settings, Route route, OpenConnections connections) {
        this.settings = settings;
        this.connections = connections;
        this.route = route;
        SslProvider tls = TlsContext.read(route.tls(), false);
        Consumer<ProxyProvider.TypeSpec> proxy = proxy(route.proxy());
        this.callPool = pool("headrace-calls");
        this.transferPool = pool("headrace-transfers");
        this.calls = new Senders(
                settings.http2()
                        ? client(callPool, Profile.CALL, TlsContext.read(route.tls(), true), proxy, HttpProtocol.H2)
                        : client(callPool, Profile.CALL, tls, proxy));
        // Reactor Netty would put all streams of events on one HTTP/2 connection, and a transfer on HTTP/2 waits for
        // its window of
        // 64 KiB: both stay with HTTP/1.1.
        // The coalescer comes last of what is installed on request, so it stands right before the codec.
        this.events = new Senders(client(ConnectionProvider.newConnection(), Profile.EVENTS, tls, proxy)
                .doOnRequest((request, connection) ->
                        ChunkCoalescer.install(connection.channel().pipeline())));
        this.transfers = new Senders(client(transferPool, Profile.TRANSFER, tls, proxy));
    }

    private ConnectionProvider pool(String name) {
        PoolSettings pool = settings.pool();
        ConnectionProvider.Builder builder = ConnectionProvider.builder(name)
                .maxConnections(pool.maxConnections())
                // Reactor Netty takes -1 for no limit, and 0 is no queue at all.
                .pendingAcquireMaxCount(pool.maxPending())
                .pendingAcquireTimeout(pool.acquireTimeout())
                .pendingAcquireTimer(AcquireTimer::schedule)
                .maxIdleTime(pool.maxIdle())
                .maxLifeTime(pool.maxLifetime())
                .evictInBackground(pool.maxIdle().dividedBy(3))
                .metrics(true, () -> pools)
                .lifo();
        if (settings.http2()) {
            // Without strict reuse, fifty calls at once open fifty connections before the first can be shared.
            builder.allocationStrategy(Http2AllocationStrategy.builder()
                    .maxConnections(pool.maxConnections())
                    .strictConnectionReuse(true)
                    .build());
        }
        ConnectionProvider provider = builder.build();
        pools.watch(provider);
        return provider;
    }

    // maxChunkSize is deprecated because Netty 5 has no such setting; with the default of 8 KiB a transfer writes 8 KiB
    // at a time, and events that came in one read are cut again.
    @SuppressWarnings("deprecation")
    private HttpClient client(
            ConnectionProvider pool,
            Profile profile,
            @Nullable SslProvider tls,
            @Nullable Consumer<ProxyProvider.TypeSpec> proxy,
            HttpProtocol... first) {
        HttpClient client = HttpClient.create(pool)
                .disableRetry(true)
                .followRedirect(false)
                .compress(false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(settings.timeouts()))
                .httpResponseDecoder(spec -> (profile == Profile.CALL ? spec : spec.maxChunkSize(LARGE_CHUNK))
                        .maxHeaderSize(MAX_HEADER_BYTES))
                .doOnChannelInit((observer, channel, remote) -> {
                    HandshakeClock.install(channel);
                    connections.track(channel);
                })
                .doOnRequest((sent, connection) ->
                        sent.currentContextView().get(RequestWatch.class).prepared(sent, connection))
                .doAfterRequest((sent, connection) ->
                        sent.currentContextView().get(RequestWatch.class).sent(connection));
        if (first.length > 0) {
            client = client.protocol(first[0], HttpProtocol.HTTP11);
        }
        if (tls != null) {
            client = client.secure(tls);
        }
        if (proxy != null) {
            client = client.proxy(proxy);
        }
        if (profile == Profile.TRANSFER) {
            // For bulk, the adaptive one takes 30 MiB more, and a third of the speed on JDK 24+, where it goes without
            // Unsafe (ADR 0041).
            client = client.option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        }
        return settings.customizer().apply(client).headers(NettyClients::addDefaults);
    }

    private static void addDefaults(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.USER_AGENT)) {
            headers.set(HttpHeaderNames.USER_AGENT, "Headrace");
        }
        if (!headers.contains(HttpHeaderNames.ACCEPT_ENCODING)) {
            headers.set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
        }
    }

    /** Where a request begins; its headers are asked of its {@link RequestWatch}. */
    HttpClient.RequestSender sender(String method, Profile profile, Timeouts timeouts) {
        Senders senders = switch (profile) {
            case CALL -> calls;
            case EVENTS -> events;
            case TRANSFER -> transfers;
        };
        // Another option is another pool to Reactor Netty, so only where it differs.
        return timeouts.connect().equals(settings.timeouts().connect())
                ? senders.sender(method)
                : senders.client
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(timeouts))
                        .request(HttpMethod.valueOf(method));
    }

    /** A client and its requests by method, made once: each step from a client to a request copies it whole. */
    private static final class Senders {

        private final HttpClient client;
        private final Map<String, HttpClient.RequestSender> known;

        Senders(HttpClient client) {
            this.client = client;
            this.known = USUAL.stream().collect(Collectors.toMap(HttpMethod::name, client::request));
        }

        HttpClient.RequestSender sender(String method) {
            HttpClient.RequestSender sender = known.get(method);
            return sender == null ? client.request(HttpMethod.valueOf(method)) : sender;
        }
    }

    Route route() {
        return route;
    }

    List<PoolState> pools() {
        return pools.states();
    }

    void close() {
        callPool.dispose();
        transferPool.dispose();
    }

    /** Null for none. Reactor Netty would resolve a name again for every request, and block. */
    private @Nullable Consumer<ProxyProvider.TypeSpec> proxy(ProxySettings proxy) {
        if (proxy.kind() == ProxySettings.Kind.NONE) {
            return null;
        }
        InetSocketAddress address;
        try {
            address = new InetSocketAddress(InetAddress.getByName(proxy.host()), proxy.port());
        } catch (UnknownHostException e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION, "The proxy's host " + proxy.host() + " is not known; check its name", e);
        }
        return spec -> {
            ProxyProvider.Builder builder = spec.type(
                            proxy.kind() == ProxySettings.Kind.HTTP
                                    ? ProxyProvider.Proxy.HTTP
                                    : ProxyProvider.Proxy.SOCKS5)
                    .socketAddress(address)
                    .connectTimeoutMillis(connectMillis(settings.timeouts()))
                    // Which hosts are excepted is asked before: Reactor Netty would resolve their names and block.
                    .nonProxyHostsPredicate(any -> false);
            Secret password = proxy.password();
            if (proxy.user() != null && password != null) {
                builder.username(proxy.user()).password(user -> password.reveal());
            }
        };
    }

    private static int connectMillis(Timeouts timeouts) {
        return (int) Math.min(Integer.MAX_VALUE, timeouts.connect().toMillis());
    }
}
