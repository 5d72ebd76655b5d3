package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/**
 * The transport on Reactor Netty: its clients are made once for each {@link Route}, so that requests share pools.
 */
final class NettyTransport implements Transport {

    /** Ways to connect of requests' own that are kept while nobody goes them: who changes the proxy's user for each request has many. */
    static final int KEPT_DETOURS = 64;

    private static final Set<String> HAS_CONTENT = Set.of("POST", "PUT", "PATCH");
    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    private final TransportSettings settings;
    private final Route ordinary;
    private final NettyClients clients;
    // Those used last come last.
    private final Map<Route, Detour> detours = new LinkedHashMap<>(16, 0.75f, true);
    private final Queue<NettyClients> all = new ConcurrentLinkedQueue<>();
    /** Never disposed of, for that would end the event loops. */
    private final Map<EventLoop, Scheduler> clocks = new ConcurrentHashMap<>();

    private final Set<ExchangeUnderWay> underWay = ConcurrentHashMap.newKeySet();
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
                    ? new ExchangeUnderWay(request, timeouts, clients)
                    : detour(route).flatMap(made -> new ExchangeUnderWay(request, timeouts, made));
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

    private static IllegalStateException closed(Request request) {
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
        underWay.forEach(ExchangeUnderWay::closed);
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

    private void signalWhenIdle() {
        if (closing && underWay.isEmpty()) {
            idle.tryEmitEmpty();
        }
    }

    /** In place of what the client has by itself under the same names. */
    private static void writeHeaders(Request request, HttpClientRequest target) {
        HttpHeaders fields = target.requestHeaders();
        Headers own = request.headers();
        own.forEach((name, value) -> fields.remove(name));
        own.forEach((name, value) -> fields.add(name, utf8(value)));
        @Nullable Body body = request.body().orElse(null);
        if (body != null) {
            if (!fields.contains(HttpHeaderNames.CONTENT_TYPE)) {
                fields.set(HttpHeaderNames.CONTENT_TYPE, body.contentType());
            }
            body.length().ifPresent(length -> fields.set(HttpHeaderNames.CONTENT_LENGTH, length));
        } else if (HAS_CONTENT.contains(request.method())) {
            // A method that may have a body says that there is none (RFC 9110 §8.6).
            fields.set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            // Never both (RFC 9112 §6.3): who cannot tell takes the end of this request for the beginning of another.
            fields.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
    }

    private static Headers headers(HttpClientResponse received, boolean http2) {
        HttpHeaders fields = received.responseHeaders();
        Headers.Builder headers = new Headers.Builder(2 * fields.size());
        Iterator<Map.Entry<CharSequence, CharSequence>> each = fields.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            String name = HeaderNames.text(field.getKey());
            if (!http2 || !addedByCodec(name)) {
                headers.addReceived(name, field.getValue().toString());
            }
        }
        return headers.build();
    }

    /** HTTP/2 knows no transfer coding (RFC 9113 §8.2.2); Netty writes one in where no length is known, and the number of the stream. */
    private static boolean addedByCodec(String name) {
        return name.equalsIgnoreCase("Transfer-Encoding") || name.regionMatches(true, 0, "x-http2-", 0, 8);
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

    /**
     * One request from its subscription to the last byte of its response: it is subscribed to once, sent when its response is asked for, and
     * gives one signal, whoever comes first of the response, an error, the clock and a cancel.
     *
     * <p>Why it is an operator of its own: composed of {@code create}, {@code next}, {@code cancelOn} and {@code contextWrite} it takes
     * half a kilobyte more for each request.
     */
    private final class ExchangeUnderWay extends Mono<Response>
            implements CoreSubscriber<Response>, Subscription, RequestWatch, ResponseBody.Owner, Runnable {

        private static final int NEW = 0;
        private static final int SENT = 1;
        private static final int OVER = 2;

        private static final AtomicIntegerFieldUpdater<ExchangeUnderWay> STAGE =
                AtomicIntegerFieldUpdater.newUpdater(ExchangeUnderWay.class, "stage");
        private static final AtomicIntegerFieldUpdater<ExchangeUnderWay> FINISHED =
                AtomicIntegerFieldUpdater.newUpdater(ExchangeUnderWay.class, "finished");
        private static final AtomicReferenceFieldUpdater<ExchangeUnderWay, Subscription> UPSTREAM =
                AtomicReferenceFieldUpdater.newUpdater(ExchangeUnderWay.class, Subscription.class, "upstream");

        private final Request request;
        private final Timeouts timeouts;
        private final NettyClients clients;

        @SuppressWarnings("NullAway.Init") // Nothing happens before somebody has subscribed.
        private CoreSubscriber<? super Response> actual;

        @SuppressWarnings("NullAway.Init")
        private Context context;

        private volatile int stage = NEW;
        private volatile int finished;

        @SuppressWarnings("UnusedVariable") // Read by its updater only.
        private volatile @Nullable Subscription upstream;

        private volatile @Nullable Connection connection;
        private volatile @Nullable EventLoop loop;
        private volatile @Nullable ResponseBody body;
        private volatile @Nullable Future<?> headClock;
        private volatile @Nullable BodyEnding ending;
        private volatile boolean empty;
        private volatile boolean left;

        ExchangeUnderWay(Request request, Timeouts timeouts, NettyClients clients) {
            this.request = request;
            this.timeouts = timeouts;
            this.clients = clients;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Response> actual) {
            this.actual = actual;
            this.context = actual.currentContext().put(RequestWatch.class, this);
            actual.onSubscribe(this);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || stage != NEW || !STAGE.compareAndSet(this, NEW, SENT)) {
                return;
            }
            underWay.add(this);
            // First the entry, then the look: whoever closes does it the other way round.
            if (closing) {
                onError(NettyTransport.closed(request));
                return;
            }
            Flux<Response> response;
            try {
                response = sender().responseConnection(this::receive);
            } catch (Throwable e) {
                onError(Operators.onOperatorError(e, context));
                return;
            }
            response.subscribe(this);
        }

        private HttpClient.ResponseReceiver<?> sender() {
            HttpClient.RequestSender sender = clients.sender(
                            request.method(), request.options().profile(), timeouts)
                    .uri(request.uri());
            return request.body().isEmpty()
                    ? sender
                    : sender.send(request.body().get().content().map(Unpooled::wrappedBuffer));
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.setOnce(UPSTREAM, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Response response) {
            if (STAGE.compareAndSet(this, SENT, OVER)) {
                actual.onNext(response);
                actual.onComplete();
            } else {
                Operators.onDiscard(response, context);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (STAGE.compareAndSet(this, SENT, OVER)) {
                actual.onError(failed(error));
            } else {
                Operators.onErrorDropped(error, context);
            }
        }

        @Override
        public void onComplete() {
            if (STAGE.compareAndSet(this, SENT, OVER)) {
                finish();
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (STAGE.getAndSet(this, OVER) == SENT) {
                leave();
            }
        }

        @Override
        public void prepared(HttpClientRequest prepared, Connection connection) {
            EventLoop found = connection.channel().eventLoop();
            this.connection = connection;
            this.loop = found;
            InterimResponseFilter.install(connection.channel().pipeline());
            ConnectionWindow.widen(connection.channel());
            writeHeaders(request, prepared);
            if (left) {
                found.execute(connection::dispose);
            }
        }

        /**
         * Begins to wait for the head: from here and not from the subscription, for waiting for a connection has its own limit. On the event
         * loop, where setting and stopping a clock wakes nobody.
         */
        @Override
        public void sent(Connection connection) {
            Duration limit = timeouts.head();
            if (!limit.isZero() && body == null && finished == 0) {
                headClock = connection.channel().eventLoop().schedule(this, limit.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        /** The head is too late. By ourselves: an exception in the pipeline would be logged by Reactor Netty as well, with its stack. */
        @Override
        public void run() {
            if (body == null && finished == 0 && STAGE.compareAndSet(this, SENT, OVER)) {
                actual.onError(failed(new ResponseTimeoutException(request, "no response head", timeouts.head())));
                leave();
            }
        }

        private void stopHeadClock() {
            Future<?> clock = headClock;
            if (clock != null) {
                clock.cancel(false);
            }
        }

        private Mono<Response> receive(HttpClientResponse received, Connection connection) {
            stopHeadClock();
            boolean http2 = received.version().majorVersion() == 2;
            Headers head = headers(received, http2);
            int status = received.status().code();
            boolean empty = hasNoContent(status, head);
            EventLoop loop = connection.channel().eventLoop();
            Flux<ByteBuf> content = connection.inbound().receive();
            BodyEnding ending = BodyEnding.open();
            ResponseBody body = new ResponseBody(content, timeouts.gap(), this, clock(loop), loop);
            this.connection = connection;
            this.ending = ending;
            this.empty = empty;
            Response response =
                    new Response(request, status, http2 ? "HTTP/2" : "HTTP/1.1", head, body, body::abort, ending, null);
            this.body = body;
            ExchangeScope.track(context, response);
            // Without content the end follows at once; a task later the connection is back in the pool for whoever
            // comes next.
            return empty ? Mono.just(response).subscribeOn(Schedulers.fromExecutor(loop)) : Mono.just(response);
        }

        private Scheduler clock(EventLoop loop) {
            Scheduler known = clocks.get(loop);
            // Looked for first, for the other takes a lock.
            return known == null ? clocks.computeIfAbsent(loop, Schedulers::fromExecutorService) : known;
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
         * Gives the request up, on the event loop if there is one. If not, the connection may come while this is on its way: first the mark,
         * then the look, and {@link #prepared} does it the other way round.
         */
        private void leave() {
            cancelled();
            left = true;
            onLoop(() -> Operators.terminate(UPSTREAM, this));
        }

        /** Then reading to the end takes no time, and the connection can be used again (RFC 9110 §6.4.1). */
        private boolean hasNoContent(int status, Headers headers) {
            return request.method().equals("HEAD")
                    || status == 204
                    || status == 304
                    || headers.has("Content-Length", "0");
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
            if (FINISHED.compareAndSet(this, 0, 1)) {
                stopHeadClock();
                underWay.remove(this);
                signalWhenIdle();
            }
        }

        private Throwable failed(Throwable error) {
            finish();
            return translate(error);
        }

        @Override
        public Throwable silence() {
            return new ResponseTimeoutException(request, "no more of the response body", timeouts.gap());
        }

        @Override
        public void giveUp(Flux<ByteBuf> source) {
            if (empty) {
                source.subscribe();
            } else {
                onLoop(Objects.requireNonNull(connection)::dispose);
            }
        }

        @Override
        public void ended(BodyEnd end) {
            finish();
            Objects.requireNonNull(ending).ended(end);
        }

        @Override
        public Throwable translate(Throwable error) {
            if (error instanceof HeadraceException) {
                return error;
            }
            if (closed) {
                return failures().failure(FailureKind.LOCAL, "the connector was closed meanwhile", error);
            }
            return failures().translate(error);
        }

        private FailureTranslation failures() {
            return new FailureTranslation(
                    request, timeouts, settings.pool(), clients.route().proxy(), connection != null);
        }
    }
}
