package dev.headrace.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.FutureMono;

/**
 * One connection of a caller: knows whether a request is still arriving and whether an answer is due, and closes it accordingly.
 *
 * <p>A connection that waits for a request's head longer than the idle time is closed, however busily its bytes trickle in; so is one whose
 * caller does not take the end of its answer within the stall time. One that is to
 * be closed while its caller still sends is closed for writing first and read for a moment more: closed at once, the system would answer what
 * arrives with a reset, and the caller would lose the answer that says why (RFC 9112 §9.6).
 *
 * <p>All but {@link #of}, {@link #closed}, {@link #cut}, {@link #stalled} and {@link #closeWhenIdle} is called by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is closed or written here has nobody who could do more about it
final class CallerConnection extends ChannelDuplexHandler {

    private static final AttributeKey<CallerConnection> KEY =
            AttributeKey.valueOf(CallerConnection.class, "connection");

    private static final Logger LOG = LoggerFactory.getLogger(CapabilityServer.class);

    private static final long LINGER_MILLIS = 1_000;

    private final Channel channel;
    private final CallerConnections all;
    private final ServerLimits limits;
    private @Nullable Future<?> clock;
    private int due;
    private boolean receiving;
    private boolean malformed;
    private boolean lingering;
    private boolean closing;

    CallerConnection(Channel channel, CallerConnections all, ServerLimits limits) {
        this.channel = channel;
        this.all = all;
        this.limits = limits;
        channel.attr(KEY).set(this);
    }

    static CallerConnection of(Connection connection) {
        return connection.channel().attr(KEY).get();
    }

    /** Whether what has arrived was no HTTP; then it is answered already, and what came of it must not be used. */
    boolean isMalformed() {
        return malformed;
    }

    /** Completes when it is closed. */
    Mono<Void> closed() {
        return FutureMono.from(channel.closeFuture());
    }

    /** Closes it now, whatever is under way. */
    void cut() {
        channel.eventLoop().execute(() -> {
            lingering = true;
            channel.close();
        });
    }

    /** Closes it as soon as no answer is due. */
    void closeWhenIdle() {
        channel.eventLoop().execute(() -> {
            closing = true;
            if (due == 0) {
                channel.close();
            }
        });
    }

    /** Cuts off a caller that takes nothing of what is written for it. */
    void stalled() {
        LOG.warn("A caller has taken nothing of its answer for {}; it is cut off", limits.stall());
        cut();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        waitForRequest();
    }

    private void waitForRequest() {
        start(this::cut, limits.idle());
    }

    private void start(Runnable task, Duration delay) {
        stopClock();
        clock = channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopClock() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopClock();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            stopClock();
            receiving = true;
            due++;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            malformed = true;
            if (message instanceof HttpRequest) {
                all.malformedHead();
            }
        } else if (message instanceof LastHttpContent) {
            receiving = false;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        boolean last = message instanceof LastHttpContent && !interim;
        if (message instanceof HttpResponse response && !interim && all.isStopping()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (!last) {
            context.write(message, promise);
            return;
        }
        start(this::stalled, limits.stall());
        context.write(message, promise.unvoid()).addListener(written -> answered());
    }

    /** All of an answer has left for the caller. */
    private void answered() {
        due = Math.max(0, due - 1);
        stopClock();
        if (closing || all.isStopping()) {
            channel.close();
        } else if (due == 0 && channel.isActive()) {
            waitForRequest();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (lingering
                || !receiving && !malformed
                || !channel.isActive()
                || !(channel instanceof DuplexChannel duplex)) {
            context.close(promise);
            return;
        }
        lingering = true;
        duplex.shutdownOutput();
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> context.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
