package dev.headrace.sse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Elements in chunks: of a size, or fewer when the first of them has waited for long enough.
 *
 * <p>Why it exists: {@code buffer} lets half a chunk wait for ever on a quiet stream, and {@code bufferTimeout} either overflows when its
 * reader is slow, or, in its fair form, reads four chunks ahead and (Reactor 3.8.6) may forget the timer of elements that were left over
 * when a chunk was taken. Here at most one chunk is asked for ahead, and none before the first is wanted.
 *
 * <p>How it works. Whatever happens increments {@code wip}; whoever raised it from zero drains alone. Elements come through a queue that
 * never holds more than was asked for: {@code size} less what waits. The timer belongs to the oldest element that waits; when it fires, what
 * waits is due as soon as there is demand.
 */
final class EventChunks<T> extends Flux<List<T>> implements Scannable {

    private final Flux<T> source;
    private final int size;
    private final Duration maxWait;

    private EventChunks(Flux<T> source, int size, Duration maxWait) {
        this.source = source;
        this.size = size;
        this.maxWait = maxWait;
    }

    static <T> Flux<List<T>> of(Flux<T> source, int size, Duration maxWait) {
        return onAssembly(new EventChunks<>(source, size, maxWait));
    }

    @Override
    public void subscribe(CoreSubscriber<? super List<T>> actual) {
        source.subscribe(new Chunking<>(actual, size, maxWait, Schedulers.parallel()));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.PREFETCH ? size : null;
    }

    private static final class Chunking<T> implements CoreSubscriber<T>, Subscription {

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Chunking> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Chunking.class, "wip");

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<Chunking> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Chunking.class, "requested");

        private final CoreSubscriber<? super List<T>> actual;
        private final int size;
        private final Duration maxWait;
        private final Scheduler scheduler;
        private final Queue<T> arrived = Queues.<T>unbounded(64).get();
        private final Disposable.Swap timer = Disposables.swap();

        @SuppressWarnings("UnusedVariable") // Read through WIP.
        private volatile int wip;

        private volatile long requested;
        private volatile boolean due;
        private volatile boolean ended;
        private volatile boolean cancelled;
        private volatile @Nullable IllegalArgumentException badRequest;
        private @Nullable Throwable failure;

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private Subscription upstream;

        // Belong to the one who drains.
        private List<T> waiting = new ArrayList<>();
        private long outstanding;
        private boolean over;

        Chunking(CoreSubscriber<? super List<T>> actual, int size, Duration maxWait, Scheduler scheduler) {
            this.actual = actual;
            this.size = size;
            this.maxWait = maxWait;
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
            if (n <= 0) {
                badRequest = new IllegalArgumentException(
                        "Rule 3.9: a request must be for a positive number of chunks, not " + n);
            } else {
                Operators.addCap(REQUESTED, this, n);
            }
            drain();
        }

        @Override
        public void cancel() {
            cancelled = true;
            upstream.cancel();
            timer.dispose();
            drain();
        }

        @Override
        public void onNext(T element) {
            arrived.offer(Objects.requireNonNull(element, "element"));
            drain();
        }

        @Override
        public void onError(Throwable error) {
            failure = Objects.requireNonNull(error, "error");
            ended = true;
            drain();
        }

        @Override
        public void onComplete() {
            ended = true;
            drain();
        }

        private void drain() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                long wanted = drainOnce();
                missed = WIP.addAndGet(this, -missed);
                if (wanted > 0) {
                    // A source that answers at once is drained by the next round, or by its own call.
                    upstream.request(wanted);
                }
            } while (missed != 0);
        }

        /** Returns how many elements to ask for. */
        private long drainOnce() {
            if (over) {
                arrived.clear();
                return 0;
            }
            if (cancelled) {
                stop();
                return 0;
            }
            IllegalArgumentException refused = badRequest;
            if (refused != null) {
                upstream.cancel();
                stop();
                actual.onError(refused);
                return 0;
            }
            while (true) {
                // Read before the queue: what came before the end is seen.
                boolean all = ended;
                take();
                boolean ready = waiting.size() == size || !waiting.isEmpty() && (due || all);
                if (ready && requested > 0) {
                    emit();
                    if (cancelled) {
                        stop();
                        return 0;
                    }
                } else if (all && waiting.isEmpty() && arrived.isEmpty()) {
                    stop();
                    if (failure != null) {
                        actual.onError(failure);
                    } else {
                        actual.onComplete();
                    }
                    return 0;
                } else {
                    return ask();
                }
            }
        }

        private void take() {
            while (waiting.size() < size) {
                T element = arrived.poll();
                if (element == null) {
                    return;
                }
                outstanding--;
                if (waiting.isEmpty()) {
                    timer.update(scheduler.schedule(this::expired, maxWait.toNanos(), TimeUnit.NANOSECONDS));
                }
                waiting.add(element);
            }
        }

        private void expired() {
            due = true;
            drain();
        }

        private void emit() {
            List<T> chunk = waiting;
            waiting = new ArrayList<>();
            timer.update(Disposables.disposed());
            due = false;
            Operators.produced(REQUESTED, this, 1);
            actual.onNext(chunk);
        }

        /** None before the first chunk is wanted. */
        private long ask() {
            if (ended || requested == 0 && outstanding == 0 && waiting.isEmpty()) {
                return 0;
            }
            long wanted = size - waiting.size() - outstanding;
            if (wanted > 0) {
                outstanding += wanted;
            }
            return wanted;
        }

        private void stop() {
            over = true;
            timer.dispose();
            waiting = List.of();
            arrived.clear();
        }
    }
}
