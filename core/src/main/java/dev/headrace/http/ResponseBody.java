package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * The body of a response: read once, with a clock that knows demand, and never ended quietly.
 *
 * <p>An operator of our own for three reasons. {@code Flux.timeout} and Reactor Netty's response timeout run while nobody asks for
 * more, so a slow reader would time out a healthy remote; this clock runs only while demand is outstanding. Reactor Netty
 * <em>completes</em> a body whose connection is disposed; here a body that is ended from outside errors. And a body nobody reads must be
 * given up exactly once, whoever comes first: a reader, the end of the scope, or the close of the connector.
 *
 * <p>The end is signalled a task later than Reactor Netty does: it says so just <em>before</em> the connection goes back to the pool, and
 * whoever sends the next request at that moment, as pagination does, would open a second connection.
 *
 * <p>How the clock and the signals stay apart: {@code state} is IDLE between signals and EMITTING during {@code onNext}. Whoever moves
 * it from IDLE to ENDED may signal the end; while EMITTING, an end from outside is left behind as {@code failure} for the emitting
 * thread to signal. The clock fires only from IDLE, so it never counts the time a reader takes.
 */
final class ResponseBody extends Flux<ByteBuf> {

    /** Whoever holds the connection: an object for each of its answers would be four for each response. */
    interface Owner {

        /** The error of a body that has been silent for too long. */
        Throwable silence();

        /** From the transport's errors to ours. */
        Throwable translate(Throwable error);

        /** Nobody will read the body: closes the connection, or reads what is none. */
        void giveUp(Flux<ByteBuf> source);

        /** Told once: the body needs its connection no more. */
        void ended(BodyEnd end);
    }

    private static final int UNREAD = 0;
    private static final int READING = 1;
    private static final int GONE = 2;

    private static final AtomicIntegerFieldUpdater<ResponseBody> STAGE =
            AtomicIntegerFieldUpdater.newUpdater(ResponseBody.class, "stage");

    private final Flux<ByteBuf> source;
    private final Duration gap;
    private final Owner owner;
    private final Scheduler clock;
    private final Executor completion;
    private volatile int stage = UNREAD;
    private volatile @Nullable Reader reader;
    private volatile @Nullable Throwable endedWith;

    /**
     * Makes a body.
     *
     * @param source the transport's stream
     * @param gap longest silence while demand is outstanding; zero for none
     * @param owner told what happens to this body
     * @param clock measures the silence; a connection's event loop, where that wakes nobody
     * @param completion runs what is to come a task later: the end of a body, and the first look at the clock
     */
    ResponseBody(Flux<ByteBuf> source, Duration gap, Owner owner, Scheduler clock, Executor completion) {
        this.source = source;
        this.gap = gap;
        this.owner = owner;
        this.clock = clock;
        this.completion = completion;
    }

    /** Gives the connection up if nobody has begun to read. */
    void abort() {
        if (STAGE.compareAndSet(this, UNREAD, GONE)) {
            owner.giveUp(source);
            owner.ended(new BodyEnd(BodyEnd.How.GIVEN_UP, 0, null));
        }
    }

    /** Ends the body from outside: its reader, if there is one, gets the error. */
    void fail(Throwable error) {
        abort();
        // First the error, then the look: a reader that is just beginning looks the other way round.
        endedWith = error;
        Reader current = reader;
        if (current != null) {
            current.fail(error);
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        if (!STAGE.compareAndSet(this, UNREAD, READING)) {
            Operators.error(
                    actual,
                    new IllegalStateException(
                            stage == READING
                                    ? "A response body can be read only once"
                                    : "The response was given up before its body was read; read it inside exchange(request, reader)"));
            return;
        }
        source.subscribe(new Reader(actual));
    }

    private final class Reader implements CoreSubscriber<ByteBuf>, Subscription, Runnable {

        private static final int IDLE = 0;
        private static final int EMITTING = 1;
        private static final int FAILING = 2;
        private static final int ENDED = 3;

        private static final AtomicIntegerFieldUpdater<Reader> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Reader.class, "state");
        private static final AtomicIntegerFieldUpdater<Reader> ARMED =
                AtomicIntegerFieldUpdater.newUpdater(Reader.class, "armed");
        private static final AtomicLongFieldUpdater<Reader> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Reader.class, "requested");

        private final CoreSubscriber<? super ByteBuf> actual;
        private final Disposable.Swap timer = Disposables.swap();
        private @Nullable Subscription upstream;
        private @Nullable Throwable failure;
        private long bytes;
        private volatile int armed;
        private volatile boolean complete;
        private volatile int state = IDLE;
        private volatile long requested;
        private volatile long silentSince;

        Reader(CoreSubscriber<? super ByteBuf> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
            reader = this;
            Throwable meanwhile = endedWith;
            if (meanwhile != null) {
                fail(meanwhile);
            }
            if (state == ENDED) {
                reader = null;
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                fail(new IllegalArgumentException("§3.9: demand must be positive, but is " + n));
                return;
            }
            if (requested == 0) {
                // Before there is demand: whoever sees that takes it from here.
                silentSince = now();
            }
            Operators.addCap(REQUESTED, this, n);
            upstream().request(n);
            arm();
        }

        @Override
        public void onNext(ByteBuf chunk) {
            if (!STATE.compareAndSet(this, IDLE, EMITTING)) {
                return;
            }
            Operators.produced(REQUESTED, this, 1);
            bytes += chunk.readableBytes();
            actual.onNext(chunk);
            silentSince = now();
            if (!STATE.compareAndSet(this, EMITTING, IDLE) && STATE.compareAndSet(this, FAILING, ENDED)) {
                end(BodyEnd.How.FAILED, failure());
                upstream().cancel();
                actual.onError(failure());
            }
        }

        @Override
        public void onError(Throwable error) {
            if (STATE.compareAndSet(this, IDLE, ENDED)) {
                Throwable translated = owner.translate(error);
                end(BodyEnd.How.FAILED, translated);
                actual.onError(translated);
            } else {
                Operators.onErrorDropped(error, actual.currentContext());
            }
        }

        @Override
        public void onComplete() {
            complete = true;
            completion.execute(this);
        }

        @Override
        public void cancel() {
            if (STATE.getAndSet(this, ENDED) != ENDED) {
                upstream().cancel();
                end(BodyEnd.How.GIVEN_UP, null);
            }
        }

        /** Ends with an error from any thread; one that is emitting right now signals it afterwards. */
        void fail(Throwable error) {
            if (STATE.compareAndSet(this, IDLE, ENDED)) {
                end(BodyEnd.How.FAILED, error);
                upstream().cancel();
                actual.onError(error);
                return;
            }
            failure = error;
            if (!STATE.compareAndSet(this, EMITTING, FAILING) && state == IDLE) {
                fail(error);
            }
        }

        private void end(BodyEnd.How how, @Nullable Throwable with) {
            timer.dispose();
            // §3.13: whoever keeps the body need not keep its reader.
            reader = null;
            owner.ended(new BodyEnd(how, bytes, with));
        }

        /** A task later: what is there already is delivered by then, and most bodies need no clock at all. */
        private void arm() {
            if (!gap.isZero()
                    && !complete
                    && state != ENDED
                    && requested > 0
                    && armed == 0
                    && ARMED.compareAndSet(this, 0, 1)) {
                completion.execute(this);
            }
        }

        /** Says that the body is complete, or looks whether it has been silent for too long, and when to look again. */
        @Override
        public void run() {
            if (complete) {
                if (STATE.compareAndSet(this, IDLE, ENDED)) {
                    end(BodyEnd.How.READ, null);
                    actual.onComplete();
                }
                return;
            }
            if (state == ENDED) {
                return;
            }
            if (requested == 0) {
                // Nobody asks, so nobody waits; the next request winds the clock again.
                armed = 0;
                arm();
                return;
            }
            long left = gap.toNanos() - (now() - silentSince);
            if (left > 0 || state != IDLE) {
                schedule(left > 0 ? left : gap.toNanos());
            } else {
                fail(owner.silence());
            }
        }

        private void schedule(long nanos) {
            timer.update(clock.schedule(this, nanos, TimeUnit.NANOSECONDS));
        }

        private long now() {
            return clock.now(TimeUnit.NANOSECONDS);
        }

        private Subscription upstream() {
            return Objects.requireNonNull(upstream);
        }

        private Throwable failure() {
            return Objects.requireNonNull(failure);
        }
    }
}
