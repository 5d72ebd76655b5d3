package dev.headrace.transfer;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Gives a stream up that comes too slowly, with a clock that knows demand.
 *
 * <p>An operator of our own because those of Reactor that look at the clock do so while nobody asks for more. This clock stands still then,
 * and while the subscriber handles what it got, so that only the remote's time is counted. It stands still rather than starts anew: a
 * remote that drips is found out by a reader, too, who asks for one element after the other.
 *
 * <p>How the clock and the signals stay apart: everything that changes belongs to one monitor, in which nothing foreign runs. The clock
 * gives up only while it runs, so never during {@code onNext}, and whoever sets {@code ended} first signals the end. Elements are handed on
 * in the thread they come in; the error comes on a {@code parallel} one.
 */
final class SpeedGuard<T> extends FluxOperator<T, T> {

    private final ToLongFunction<? super T> size;
    private final MinimumSpeed least;
    private final String request;

    /**
     * Guards a stream.
     *
     * @param source the stream
     * @param size the bytes of an element
     * @param least the least speed
     * @param request what is being read, for the message; without secrets
     */
    SpeedGuard(Flux<? extends T> source, ToLongFunction<? super T> size, MinimumSpeed least, String request) {
        super(source);
        this.size = size;
        this.least = least;
        this.request = request;
    }

    static Flux<ByteBuf> over(Flux<ByteBuf> body, MinimumSpeed least, String request) {
        return new SpeedGuard<>(body, ByteBuf::readableBytes, least, request);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Guarded(actual, Schedulers.parallel()));
    }

    private final class Guarded implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> actual;
        private final Scheduler scheduler;
        private final Disposable.Swap timer = Disposables.swap();
        private @Nullable Subscription upstream;

        // Guarded by the monitor of this subscriber.
        private final SpeedWindow meter = new SpeedWindow(least);
        private long requested;
        private boolean emitting;
        private boolean armed;
        private boolean ended;

        Guarded(CoreSubscriber<? super T> actual, Scheduler scheduler) {
            this.actual = actual;
            this.scheduler = scheduler;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
            }
        }

        @Override
        public void request(long n) {
            if (n > 0) {
                synchronized (this) {
                    requested = Operators.addCap(requested, n);
                    startIfAsked();
                }
            }
            // One that breaks §3.9 is told so by the source.
            upstream().request(n);
            // After the request: what is there already has come by then, and most bodies need no timer at all.
            arm();
        }

        @Override
        public void onNext(T element) {
            // The reader may have let go of it once it has it.
            long bytes = size.applyAsLong(element);
            synchronized (this) {
                if (ended) {
                    return;
                }
                emitting = true;
                meter.stop(now());
                meter.add(bytes);
                if (requested != Long.MAX_VALUE) {
                    requested--;
                }
            }
            actual.onNext(element);
            synchronized (this) {
                emitting = false;
                startIfAsked();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (end()) {
                actual.onError(error);
            } else {
                Operators.onErrorDropped(error, actual.currentContext());
            }
        }

        @Override
        public void onComplete() {
            if (end()) {
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (end()) {
                upstream().cancel();
            }
        }

        private boolean end() {
            synchronized (this) {
                if (ended) {
                    return false;
                }
                ended = true;
            }
            timer.dispose();
            return true;
        }

        private void startIfAsked() {
            if (requested > 0 && !emitting && !ended) {
                meter.start(now());
            }
        }

        private void arm() {
            synchronized (this) {
                if (armed || ended || requested == 0) {
                    return;
                }
                armed = true;
            }
            schedule(meter.sliceNanos());
        }

        private void schedule(long nanos) {
            timer.replace(scheduler.schedule(this::look, nanos, TimeUnit.NANOSECONDS));
        }

        private void look() {
            long left;
            long bytes;
            synchronized (this) {
                if (ended) {
                    return;
                }
                if (requested == 0) {
                    // Nobody asks, so nobody waits; the next request winds the clock again.
                    armed = false;
                    return;
                }
                left = emitting ? meter.sliceNanos() : meter.look(now());
                bytes = meter.bytes();
                ended = left == SpeedWindow.TOO_SLOW;
            }
            if (left == SpeedWindow.TOO_SLOW) {
                upstream().cancel();
                actual.onError(new TransferTooSlowException(request, bytes, least));
            } else {
                schedule(left);
            }
        }

        private long now() {
            return scheduler.now(TimeUnit.NANOSECONDS);
        }

        private Subscription upstream() {
            return Objects.requireNonNull(upstream);
        }
    }
}
