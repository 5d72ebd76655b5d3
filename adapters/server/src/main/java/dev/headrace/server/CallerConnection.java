package dev.headrace.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.FutureMono;

/**
 * One connection of a caller: knows whether a request is still arriving, whether an answer is due and whether its bytes leave, and closes it
 * accordingly.
 *
 * <p>Two clocks run, never at once. While no answer is due, a connection that waits for a request's head longer than the idle time is closed,
 * however busily its bytes trickle in. While something is written that has not left, one whose caller takes no byte for the stall time is cut;
 * whoever goes on taking bytes, however slowly, is not. A stream that has nothing to say runs neither.
 *
 * <p>Requests that are sent before the answers to earlier ones wait in memory, so only {@link #MOST_DUE} may be due at once, and the bodies of
 * those that nobody reads yet may be as large as one body and one head together; beyond that the connection is cut.
 *
 * <p>One that is to be closed while its caller still sends is closed for writing first and read for a moment more: closed at once, the system
 * would answer what arrives with a reset, and the caller would lose the answer that says why (RFC 9112 §9.6).
 *
 * <p>All but {@link #of}, {@link #closed}, {@link #cut} and {@link #closeWhenIdle} is called by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is closed or written here has nobody who could do more about it
final class CallerConnection extends ChannelDuplexHandler {

    /** How many requests a caller may have sent without having taken their answers. */
    static final int MOST_DUE = 32;

    private static final AttributeKey<CallerConnection> KEY =
            AttributeKey.valueOf(CallerConnection.class, "connection");

    private static final Logger LOG = LoggerFactory.getLogger(CapabilityServer.class);

    private static final long LINGER_MILLIS = 1_000;

    /** How often the stall clock ticks in the stall time. */
    private static final int TICKS = 4;

    private final Channel channel;
    private final Scheduler loop;
    private final CallerConnections all;
    private final ServerLimits limits;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private Tally.@Nullable Visit served;
    private @Nullable Future<?> idleClock;
    private @Nullable Future<?> stallClock;
    private int due;
    private int writing;
    private long written;
    private long takenAtTick;
    private int idleTicks;
    private long waitingBytes;
    private boolean receiving;
    private boolean malformed;
    private boolean lingering;
    private boolean closing;

    CallerConnection(Channel channel, CallerConnections all, ServerLimits limits) {
        this.channel = channel;
        this.loop = Schedulers.fromExecutor(channel.eventLoop());
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

    /** Runs what is done with its event loop. */
    Scheduler loop() {
        return loop;
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

    /** The next of its requests is being served, from now until all of the answer has left, or the connection is closed. */
    void serve(Tally.Visit visit) {
        Integer size = waiting.pollFirst();
        waitingBytes -= size == null ? 0 : size;
        if (channel.isActive()) {
            served = visit;
        } else {
            visit.brokenOff();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        waitForRequest();
    }

    private void waitForRequest() {
        stop(idleClock);
        idleClock = channel.eventLoop().schedule(this::cut, limits.idle().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void stop(@Nullable Future<?> clock) {
        if (clock != null) {
            clock.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop(idleClock);
        stop(stallClock);
        // First it is cancelled, then it has ended.
        context.fireChannelInactive();
        Tally.Visit visit = served;
        if (visit != null) {
            served = null;
            visit.brokenOff();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            stop(idleClock);
            receiving = true;
            due++;
            waiting.addLast(0);
        }
        if (message instanceof HttpContent content && !waiting.isEmpty()) {
            // Bodies come in the order of their heads, so it belongs to the last.
            int bytes = channel.config().getMessageSizeEstimator().newHandle().size(content);
            waiting.addLast(waiting.removeLast() + bytes);
            waitingBytes += bytes;
        }
        if (due > MOST_DUE || waitingBytes > (long) limits.body() + limits.head()) {
            LOG.warn("A caller has sent more requests than it has taken answers for; it is cut off");
            lingering = true;
            ReferenceCountUtil.release(message);
            channel.close();
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            malformed = true;
            if (message instanceof HttpRequest) {
                all.malformedHead();
            } else if (served != null && waiting.isEmpty()) {
                served.refused();
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
        if (message instanceof HttpResponse response && !interim && all.isStopping()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (writing++ == 0) {
            startStallClock();
        }
        ChannelPromise whole = promise.unvoid();
        if (message instanceof LastHttpContent && !interim) {
            Tally.Visit visit = served;
            served = null;
            whole.addListener(done -> answered(visit, done.isSuccess()));
        } else {
            whole.addListener(done -> left());
        }
        context.write(message, whole);
    }

    /** Something of what was written has left for the caller. */
    private void left() {
        written++;
        if (--writing == 0) {
            stop(stallClock);
        }
    }

    /** All of an answer has left for the caller, or will not. */
    private void answered(Tally.@Nullable Visit visit, boolean successfully) {
        left();
        due = Math.max(0, due - 1);
        if (visit != null) {
            if (successfully) {
                visit.ended();
            } else {
                visit.brokenOff();
            }
        }
        if (closing || all.isStopping()) {
            channel.close();
        } else if (due == 0 && channel.isActive()) {
            waitForRequest();
        }
    }

    private void startStallClock() {
        stop(stallClock);
        idleTicks = 0;
        takenAtTick = taken();
        if (channel.isActive()) {
            long tick = Math.max(1, limits.stall().toMillis() / TICKS);
            // Not at a fixed rate: after a pause of the machine, ticks would be made up for without time for bytes to
            // leave.
            stallClock = channel.eventLoop()
                    .scheduleWithFixedDelay(this::lookWhetherBytesLeave, tick, tick, TimeUnit.MILLISECONDS);
        }
    }

    private void lookWhetherBytesLeave() {
        long taken = taken();
        idleTicks = taken == takenAtTick ? idleTicks + 1 : 0;
        takenAtTick = taken;
        if (idleTicks >= TICKS) {
            LOG.warn("A caller has taken nothing of its answer for {}; it is cut off", limits.stall());
            cut();
        }
    }

    /** A number that is another when bytes have left: large parts leave in pieces. */
    private long taken() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return (written << Integer.SIZE) + (buffer == null ? 0 : buffer.currentProgress());
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
