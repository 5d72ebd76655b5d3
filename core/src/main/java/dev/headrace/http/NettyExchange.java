package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/**
 * One request from its subscription to the last byte of its response: it is subscribed to once, sent when its response is asked for, and
 * gives one signal, whoever comes first of the response, an error, the clock and a cancel.
 *
 * <p>Why it is an operator of its own: composed of {@code create}, {@code next}, {@code cancelOn} and {@code contextWrite} it takes
 * half a kilobyte more for each request.
 */
final class NettyExchange extends Mono<Response>
        implements CoreSubscriber<Response>, Subscription, RequestWatch, ResponseBody.Owner, Runnable {

    private static final int NEW = 0;
    private static final int SENT = 1;
    private static final int OVER = 2;

    private static final AtomicIntegerFieldUpdater<NettyExchange> STAGE =
            AtomicIntegerFieldUpdater.newUpdater(NettyExchange.class, "stage");
    private static final AtomicIntegerFieldUpdater<NettyExchange> FINISHED =
            AtomicIntegerFieldUpdater.newUpdater(NettyExchange.class, "finished");
    private static final AtomicReferenceFieldUpdater<NettyExchange, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(NettyExchange.class, Subscription.class, "upstream");

    private final Request request;
    private final Timeouts timeouts;
    private final NettyTransport transport;
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
    private volatile @Nullable Throwable refusal;
    private volatile boolean empty;
    private volatile boolean left;

    NettyExchange(Request request, Timeouts timeouts, NettyTransport transport, NettyClients clients) {
        this.request = request;
        this.timeouts = timeouts;
        this.transport = transport;
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
        if (n <= 0) {
            refuseDemand(n);
            return;
        }
        if (stage != NEW || !STAGE.compareAndSet(this, NEW, SENT)) {
            return;
        }
        boolean entered = transport.begin(this);
        if (finished != 0) {
            // Cancelled before it was entered.
            transport.end(this);
            return;
        }
        if (!entered) {
            var unused = fail(NettyTransport.closed(request));
            return;
        }
        Flux<Response> response;
        try {
            response = sender().responseConnection(this::receive);
        } catch (Throwable e) {
            var unused = fail(Operators.onOperatorError(e, context));
            return;
        }
        response.subscribe(this);
    }

    /** False if it was over already. */
    private boolean fail(Throwable error) {
        if (!STAGE.compareAndSet(this, SENT, OVER)) {
            return false;
        }
        finish();
        actual.onError(error);
        return true;
    }

    private void refuseDemand(long n) {
        int before = STAGE.getAndSet(this, OVER);
        if (before != OVER) {
            actual.onError(new IllegalArgumentException("§3.9: demand must be positive, but is " + n));
        }
        if (before == SENT) {
            leave();
        }
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
            // It came with a cancel: nobody will read it.
            response.abort();
        }
    }

    @Override
    public void onError(Throwable error) {
        if (!fail(error == refusal ? error : translate(error))) {
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
        write(prepared);
        if (left) {
            found.execute(connection::dispose);
        }
    }

    private void write(HttpClientRequest prepared) {
        try {
            WireHeaders.write(request, prepared);
        } catch (IllegalArgumentException e) {
            // The caller's mistake and not the remote's, though it comes back the same way.
            refusal = e;
            throw e;
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
        if (body == null
                && finished == 0
                && fail(new ResponseTimeoutException(request, "no response head", timeouts.head()))) {
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
        Headers head = WireHeaders.read(received, http2);
        int status = received.status().code();
        boolean empty = hasNoContent(status, head);
        EventLoop loop = connection.channel().eventLoop();
        Flux<ByteBuf> content = connection.inbound().receive();
        BodyEnding ending = BodyEnding.open();
        ResponseBody body = new ResponseBody(content, timeouts.gap(), this, transport.clock(loop), loop);
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
        return request.method().equals("HEAD") || status == 204 || status == 304 || headers.has("Content-Length", "0");
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
            transport.end(this);
        }
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
        if (transport.isClosed()) {
            return failures().failure(FailureKind.LOCAL, "the connector was closed meanwhile", error);
        }
        return failures().translate(error);
    }

    private FailureTranslation failures() {
        return new FailureTranslation(
                request, timeouts, transport.pool(), clients.route().proxy(), connection != null);
    }
}
