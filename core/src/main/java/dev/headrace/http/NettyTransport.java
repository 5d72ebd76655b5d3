package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.context.ContextView;

/**
 * The transport on Reactor Netty: one client for each profile, each made once, so that requests share pools.
 */
final class NettyTransport implements Transport {

    private static final int TRANSFER_CHUNK = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    // A wait for a connection that is set and cancelled on Reactor's scheduler wakes a thread each time; a wheel does
    // not.
    private static final HashedWheelTimer ACQUIRE_TIMER =
            new HashedWheelTimer(new DefaultThreadFactory("headrace-timer", true), 50, TimeUnit.MILLISECONDS);

    private final TransportSettings settings;
    private final ConnectionProvider callPool;
    private final ConnectionProvider transferPool;
    private final HttpClient calls;
    private final HttpClient events;
    private final HttpClient transfers;
    private final Set<ExchangeUnderWay> underWay = ConcurrentHashMap.newKeySet();
    private final OpenConnections connections = new OpenConnections();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    /** No new exchange. */
    private volatile boolean closing;
    /** Nothing under way any more. */
    private volatile boolean closed;

    NettyTransport(TransportSettings settings) {
        this.settings = settings;
        this.callPool = pool("headrace-calls", settings.pool());
        this.transferPool = pool("headrace-transfers", settings.pool());
        this.calls = client(callPool, false);
        this.events = client(ConnectionProvider.newConnection(), false);
        this.transfers = client(transferPool, true);
    }

    private static ConnectionProvider pool(String name, PoolSettings pool) {
        return ConnectionProvider.builder(name)
                .maxConnections(pool.maxConnections())
                // Reactor Netty takes -1 for no limit, and 0 is no queue at all.
                .pendingAcquireMaxCount(pool.maxPending())
                .pendingAcquireTimeout(pool.acquireTimeout())
                .pendingAcquireTimer((task, timeout) -> {
                    var scheduled = ACQUIRE_TIMER.newTimeout(t -> task.run(), timeout.toNanos(), TimeUnit.NANOSECONDS);
                    return scheduled::cancel;
                })
                .maxIdleTime(pool.maxIdle())
                .maxLifeTime(pool.maxLifetime())
                .evictInBackground(pool.maxIdle().dividedBy(3))
                .lifo()
                .build();
    }

    // maxChunkSize is deprecated because Netty 5 has no such setting; with the default of 8 KiB a transfer writes 8 KiB
    // at a time.
    @SuppressWarnings("deprecation")
    private HttpClient client(ConnectionProvider pool, boolean transfer) {
        HttpClient client = HttpClient.create(pool)
                .disableRetry(true)
                .followRedirect(false)
                .compress(false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(settings.timeouts()))
                .httpResponseDecoder(
                        spec -> (transfer ? spec.maxChunkSize(TRANSFER_CHUNK) : spec).maxHeaderSize(MAX_HEADER_BYTES))
                .doOnChannelInit((observer, channel, remote) -> {
                    InterimResponseFilter.install(channel.pipeline());
                    connections.track(channel);
                });
        if (transfer && Runtime.version().feature() >= 24) {
            // Without Unsafe, Netty's adaptive allocator costs a third of a transfer's speed.
            client = client.option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        }
        return settings.customizer().apply(client);
    }

    @Override
    public Mono<Response> exchange(Request request) {
        return Mono.deferContextual(context -> {
            URI uri = request.uri();
            OriginPolicy.originOf(uri);
            if (closing) {
                return Mono.error(
                        new IllegalStateException("The connector is closed: " + request.describe() + " was not sent"));
            }
            Timeouts timeouts = request.options().timeoutsOver(settings.timeouts());
            ExchangeUnderWay exchange = new ExchangeUnderWay(request, timeouts, context);
            return exchange.head(client(request, timeouts));
        });
    }

    private HttpClient client(Request request, Timeouts timeouts) {
        HttpClient client = switch (request.options().profile()) {
            case CALL -> calls;
            case EVENTS -> events;
            case TRANSFER -> transfers;
        };
        // Another option is another pool to Reactor Netty, so only where it differs.
        return timeouts.connect().equals(settings.timeouts().connect())
                ? client
                : client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(timeouts));
    }

    private static int connectMillis(Timeouts timeouts) {
        return (int) Math.min(Integer.MAX_VALUE, timeouts.connect().toMillis());
    }

    @Override
    public void close() {
        closing = true;
        closed = true;
        underWay.forEach(ExchangeUnderWay::closed);
        callPool.dispose();
        transferPool.dispose();
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

    private void signalWhenIdle() {
        if (closing && underWay.isEmpty()) {
            idle.tryEmitEmpty();
        }
    }

    private static void writeHeaders(Request request, HttpHeaders target) {
        request.headers().forEach((name, value) -> target.add(name, utf8(value)));
        if (!target.contains("User-Agent")) {
            target.set("User-Agent", "Headrace");
        }
        if (!target.contains("Accept-Encoding")) {
            target.set("Accept-Encoding", "identity");
        }
        request.body()
                .ifPresentOrElse(
                        body -> {
                            if (!target.contains("Content-Type")) {
                                target.set("Content-Type", body.contentType());
                            }
                            body.length().ifPresent(length -> target.set("Content-Length", length));
                        },
                        () -> {
                            // A method that may have a body says that there is none (RFC 9110 §8.6).
                            if (Set.of("POST", "PUT", "PATCH").contains(request.method())) {
                                target.set("Content-Length", 0);
                            }
                        });
    }

    /** Netty writes one byte for each char; the bytes of UTF-8 pass as they are. */
    private static String utf8(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return value;
    }

    /** One request from its subscription to the last byte of its response. */
    private final class ExchangeUnderWay {

        private final Request request;
        private final Timeouts timeouts;
        private final ContextView context;
        private final Sinks.Empty<Void> requestSent = Sinks.empty();
        private final AtomicBoolean finished = new AtomicBoolean();
        private volatile @Nullable Connection connection;
        private volatile @Nullable EventLoop loop;
        private volatile @Nullable ResponseBody body;
        private volatile boolean left;

        ExchangeUnderWay(Request request, Timeouts timeouts, ContextView context) {
            this.request = request;
            this.timeouts = timeouts;
            this.context = context;
        }

        Mono<Response> head(HttpClient client) {
            underWay.add(this);
            Mono<Response> head = sender(client.headers(target -> writeHeaders(request, target))
                            .doOnRequest((sent, connection) -> connected(connection))
                            .doAfterRequest((sent, connection) -> requestSent.tryEmitEmpty()))
                    .responseConnection(this::receive)
                    .next()
                    .cancelOn(Schedulers.fromExecutor(this::leave));
            Duration limit = timeouts.head();
            if (!limit.isZero()) {
                // From the request sent, not from the subscription: waiting for a connection has its own limit.
                head = head.timeout(
                        requestSent.asMono().then(Mono.delay(limit)),
                        Mono.error(() -> new ResponseTimeoutException(request, "no response head", limit)));
            }
            return head.onErrorMap(this::translate).doOnError(error -> finish()).doOnCancel(this::cancelled);
        }

        private HttpClient.ResponseReceiver<?> sender(HttpClient client) {
            HttpClient.RequestSender sender =
                    client.request(HttpMethod.valueOf(request.method())).uri(request.uri());
            return request.body().isEmpty()
                    ? sender
                    : sender.send(request.body().get().content().map(Unpooled::wrappedBuffer));
        }

        private void connected(Connection connection) {
            EventLoop found = connection.channel().eventLoop();
            this.connection = connection;
            this.loop = found;
            if (left) {
                found.execute(connection::dispose);
            }
        }

        private Mono<Response> receive(HttpClientResponse received, Connection connection) {
            Headers.Builder headers = new Headers.Builder();
            received.responseHeaders()
                    .iteratorAsString()
                    .forEachRemaining(field -> headers.addReceived(field.getKey(), field.getValue()));
            Headers head = headers.build();
            int status = received.status().code();
            boolean empty = hasNoContent(status, head);
            EventLoop loop = connection.channel().eventLoop();
            Flux<ByteBuf> content = connection.inbound().receive();
            BodyEnding ending = BodyEnding.open();
            ResponseBody body = new ResponseBody(
                    content,
                    timeouts.gap(),
                    () -> new ResponseTimeoutException(request, "no more of the response body", timeouts.gap()),
                    this::translate,
                    empty ? content::subscribe : () -> onLoop(connection::dispose),
                    loop,
                    end -> {
                        finish();
                        ending.ended(end);
                    });
            Response response = new Response(request, status, head, body, body::abort, ending, null);
            this.body = body;
            ExchangeScope.track(context, response);
            // Without content the end follows at once; a task later the connection is back in the pool for whoever
            // comes next.
            return empty ? Mono.just(response).subscribeOn(Schedulers.fromExecutor(loop)) : Mono.just(response);
        }

        /**
         * Gives a connection up on its event loop, once there is one: what is queued for a reader is known only there. Asked from another
         * thread, Reactor Netty may take a body that is just arriving for one that was read, and its buffers are lost.
         */
        private void onLoop(Runnable action) {
            EventLoop known = loop;
            if (known == null) {
                action.run();
            } else {
                known.execute(action);
            }
        }

        /**
         * Cancels, on the event loop if there is one. If not, the connection may come while the cancel is on its way: first the mark, then
         * the look, and {@link #connected} does it the other way round.
         */
        private void leave(Runnable cancel) {
            left = true;
            onLoop(cancel);
        }

        /** Then reading to the end takes no time, and the connection can be used again (RFC 9110 §6.4.1). */
        private boolean hasNoContent(int status, Headers headers) {
            return request.method().equals("HEAD")
                    || status == 204
                    || status == 304
                    || headers.first("Content-Length").filter("0"::equals).isPresent();
        }

        private void cancelled() {
            ResponseBody received = body;
            if (received == null) {
                finish();
            } else {
                received.abort();
            }
        }

        /** The connector closes: what is under way ends with an error, never quietly. */
        void closed() {
            ResponseBody received = body;
            if (received != null) {
                received.fail(translate(new IOException("closed")));
            }
        }

        private void finish() {
            if (finished.compareAndSet(false, true)) {
                underWay.remove(this);
                signalWhenIdle();
            }
        }

        private Throwable translate(Throwable error) {
            if (error instanceof HeadraceException) {
                return error;
            }
            if (closed) {
                return failure(FailureKind.LOCAL, "the connector was closed meanwhile", error);
            }
            // By name: the pool's exceptions are shaded into a package that its module does not export.
            String name = error.getClass().getSimpleName();
            if (name.equals("PoolAcquireTimeoutException")) {
                return new PoolExhaustedException(
                        request,
                        "no connection was free within "
                                + settings.pool().acquireTimeout().toMillis()
                                + " ms; limit how much runs at once, or raise maxConnections",
                        error);
            }
            if (name.equals("PoolAcquirePendingLimitException")) {
                return new PoolExhaustedException(
                        request,
                        settings.pool().maxPending()
                                + " calls wait for a connection already; limit how much runs at once, or raise maxPending",
                        error);
            }
            if (error instanceof UnknownHostException) {
                // A name server that does not answer says nothing about the host.
                boolean unanswered = error.getCause() != null
                        && error.getCause().getClass().getSimpleName().equals("DnsNameResolverTimeoutException");
                return failure(
                        unanswered ? FailureKind.TRANSIENT : FailureKind.CONFIGURATION,
                        unanswered
                                ? "no name server answered for the host "
                                        + request.uri().getHost()
                                : "the host " + request.uri().getHost()
                                        + " is not known; check the base URL and the name servers",
                        error);
            }
            if (error instanceof SSLException) {
                return failure(
                        FailureKind.CONFIGURATION,
                        "no TLS connection (" + reason(error) + "); check the certificate and whom this machine trusts",
                        error);
            }
            if (error instanceof ConnectTimeoutException) {
                return failure(
                        FailureKind.TRANSIENT,
                        "no connection within " + timeouts.connect().toMillis() + " ms; check host and port",
                        error);
            }
            if (error instanceof ConnectException) {
                return failure(FailureKind.TRANSIENT, "connection refused; check host and port", error);
            }
            // A close within the head is a class of its own to Netty's decoder.
            if (error instanceof IOException || error instanceof PrematureChannelClosureException) {
                return failure(FailureKind.TRANSIENT, "the connection broke (" + reason(error) + ")", error);
            }
            return failure(FailureKind.UNTRUSTED_DATA, "the answer is not HTTP/1.1 (" + reason(error) + ")", error);
        }

        private TransportException failure(FailureKind kind, String message, Throwable cause) {
            return new TransportException(kind, request, message, connection != null, cause);
        }

        private String reason(Throwable error) {
            String message = error.getMessage();
            return message == null ? error.getClass().getSimpleName() : message;
        }
    }
}
