package dev.headrace.decode;

import dev.headrace.http.Response;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The one operator that turns chunks of bytes into items: it runs a {@link PullParser} on demand.
 *
 * <h2>Why it exists</h2>
 *
 * <p>A chunk holds a part of an item, or hundreds. The stock operators that make many from one ({@code flatMapIterable},
 * {@code concatMap}, {@code bufferUntil}) take a list or a publisher per chunk, so items are parsed before anyone has asked for them and
 * wait in a queue, each with its signals and its objects. Here nothing is parsed before it is asked for: what waits is one array of
 * bytes, and the next chunk is requested only when the parser has used those up while items are still wanted. That is how demand
 * reaches the socket, and it costs nothing.
 *
 * <h2>How it works</h2>
 *
 * <p>Whatever happens ({@code request}, a chunk, the end, an error, {@code cancel}) increments {@code wip}; whoever raised it from zero
 * drains, alone, until it is zero again. Parser, window and all plain fields belong to the one who drains.
 *
 * <ul>
 *   <li>A chunk must be copied before {@code onNext} returns, for its owner releases it then. Usually nobody drains, because chunks come
 *       only when asked for, and it goes straight into the window. If another thread is just draining, a copy is left in {@code late}.
 *   <li>Upstream is asked after {@code wip} is zero again, so that a source that answers within {@code request} finds the window free.
 *   <li>Unbounded demand is passed on as such once the bytes at hand are used up. From then on chunks drive everything.
 *   <li>{@code hungry} means that the parser has said it needs more. An error or the end must wait until then: the items already here
 *       go first. What the parser makes of the end is asked under demand as any item.
 *   <li>A body of which all bytes are at hand is gathered before its first item is looked for: it takes no longer, and the parser sees all
 *       of it at once.
 *   <li>{@code cancel} leaves the release of the window to whoever drains, so the array never goes while it is being read.
 * </ul>
 *
 * @param <C> the type of the chunks
 * @param <T> the type of the items
 */
final class PullFlux<C, T> extends Flux<T> implements Scannable {

    private final Publisher<? extends C> source;
    private final BiConsumer<ByteWindow, C> append;
    private final Supplier<? extends PullParser<T>> parsers;
    private final OptionalInt atHand;

    private PullFlux(
            Publisher<? extends C> source,
            BiConsumer<ByteWindow, C> append,
            Supplier<? extends PullParser<T>> parsers,
            OptionalInt atHand) {
        this.source = source;
        this.append = append;
        this.parsers = parsers;
        this.atHand = atHand;
    }

    /** Items of a source; each subscriber gets a parser of its own. {@code append} copies a chunk behind what the window holds. */
    static <C, T> Flux<T> of(
            Publisher<? extends C> source,
            BiConsumer<ByteWindow, C> append,
            Supplier<? extends PullParser<T>> parsers) {
        return onAssembly(new PullFlux<>(source, append, parsers, OptionalInt.empty()));
    }

    /** Items of a response's body. */
    static <T> Flux<T> of(Response response, Supplier<? extends PullParser<T>> parsers) {
        return onAssembly(new PullFlux<>(response.body(), ByteWindow::append, parsers, response.bytesAtHand()));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        PullParser<T> parser;
        try {
            parser = Objects.requireNonNull(parsers.get(), "the supplier of parsers returned null");
        } catch (Throwable e) {
            Operators.error(actual, Operators.onOperatorError(e, actual.currentContext()));
            return;
        }
        source.subscribe(new PullSubscriber<>(actual, append, parser, atHand));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        if (key == Attr.PREFETCH) {
            return 0;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    static final class PullSubscriber<C, T> implements CoreSubscriber<C>, Subscription, Scannable {

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<PullSubscriber> WIP =
                AtomicIntegerFieldUpdater.newUpdater(PullSubscriber.class, "wip");

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<PullSubscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(PullSubscriber.class, "requested");

        private final CoreSubscriber<? super T> actual;
        private final BiConsumer<ByteWindow, C> append;
        private final PullParser<T> parser;
        private final ByteWindow window = new ByteWindow();

        @SuppressWarnings("UnusedVariable") // Read through WIP.
        private volatile int wip;

        private volatile long requested;
        private volatile boolean ended;
        private volatile boolean cancelled;
        private volatile boolean terminated;
        private volatile @Nullable Queue<ByteWindow> late;
        // Written before `ended`, read after it.
        private @Nullable Throwable failure;
        private volatile @Nullable IllegalArgumentException badRequest;

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private Subscription upstream;

        // Belong to the one who drains.
        private boolean over;
        private boolean hungry = true;
        private boolean asked;
        private boolean askedUnbounded;
        private final OptionalInt atHand;

        PullSubscriber(
                CoreSubscriber<? super T> actual,
                BiConsumer<ByteWindow, C> append,
                PullParser<T> parser,
                OptionalInt atHand) {
            this.actual = actual;
            this.append = append;
            this.parser = parser;
            this.atHand = atHand;
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
                        "Rule 3.9: a request must be for a positive number of items, not " + n);
                drain();
            } else if (Operators.addCap(REQUESTED, this, n) != Long.MAX_VALUE) {
                drain();
            }
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                upstream.cancel();
                drain();
            }
        }

        @Override
        public void onNext(C chunk) {
            Objects.requireNonNull(chunk, "chunk");
            if (ended || cancelled || terminated) {
                return;
            }
            if (WIP.compareAndSet(this, 0, 1)) {
                feed(chunk);
                drainUntilNothingIsMissed();
            } else {
                leave(chunk);
                drain();
            }
        }

        @Override
        public void onError(Throwable error) {
            Objects.requireNonNull(error, "error");
            if (ended || cancelled || terminated) {
                Operators.onErrorDropped(error, actual.currentContext());
                return;
            }
            failure = error;
            ended = true;
            drain();
        }

        @Override
        public void onComplete() {
            ended = true;
            drain();
        }

        private void leave(C chunk) {
            Queue<ByteWindow> queue = late;
            if (queue == null) {
                queue = new ConcurrentLinkedQueue<>();
                late = queue;
            }
            ByteWindow copy = new ByteWindow();
            append.accept(copy, chunk);
            queue.offer(copy);
        }

        private void drain() {
            if (WIP.getAndIncrement(this) == 0) {
                drainUntilNothingIsMissed();
            }
        }

        private void drainUntilNothingIsMissed() {
            int missed = 1;
            long wanted = 0;
            do {
                wanted = Math.max(wanted, drainOnce());
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
            if (wanted > 0 && !ended && !cancelled && !terminated) {
                upstream.request(wanted);
            }
        }

        /** Emits what is asked for and here. Returns how many chunks to ask for. */
        private long drainOnce() {
            // Read before the chunks that were left: those all came before the end.
            boolean all = ended;
            takeLate();
            if (over) {
                return 0;
            }
            IllegalArgumentException refused = badRequest;
            if (refused != null && !cancelled) {
                fail(refused);
                return 0;
            }
            long demand = requested;
            long emitted = 0;
            boolean starved = false;
            boolean gathers = atHand.isPresent() && !all;
            while (emitted != demand && !cancelled) {
                if (gathers) {
                    starved = true;
                    break;
                }
                T item;
                try {
                    item = pull(all);
                } catch (Throwable e) {
                    fail(e);
                    return 0;
                }
                if (item == null) {
                    starved = true;
                    break;
                }
                emitted++;
                actual.onNext(item);
            }
            if (cancelled) {
                stop();
                return 0;
            }
            if (all && (starved || hungry && failure != null)) {
                terminate();
                return 0;
            }
            if (emitted > 0) {
                Operators.produced(REQUESTED, this, emitted);
            }
            if (!gathers) {
                window.releaseIfDrained();
            }
            return starved ? ask(demand) : 0;
        }

        private @Nullable T pull(boolean all) {
            if (!hungry) {
                T item = parser.next(window);
                if (item != null) {
                    return item;
                }
                hungry = true;
            }
            return all && failure == null ? parser.end(window) : null;
        }

        private long ask(long demand) {
            if (askedUnbounded) {
                return 0;
            }
            if (demand == Long.MAX_VALUE || atHand.isPresent()) {
                atHand.ifPresent(window::expect);
                askedUnbounded = true;
                return Long.MAX_VALUE;
            }
            if (asked) {
                return 0;
            }
            asked = true;
            return 1;
        }

        private void feed(C chunk) {
            if (over) {
                return;
            }
            int before = window.length();
            try {
                append.accept(window, chunk);
            } catch (Throwable e) {
                fail(e);
                return;
            }
            asked = false;
            hungry = hungry && window.length() == before;
        }

        private void takeLate() {
            Queue<ByteWindow> queue = late;
            if (queue == null) {
                return;
            }
            for (ByteWindow copy = queue.poll(); copy != null; copy = queue.poll()) {
                asked = false;
                if (!over && copy.length() > 0) {
                    window.append(ByteBuffer.wrap(copy.array(), copy.start(), copy.length()));
                    hungry = false;
                }
                copy.release();
            }
        }

        private void terminate() {
            stop();
            terminated = true;
            if (failure != null) {
                actual.onError(failure);
            } else {
                actual.onComplete();
            }
        }

        private void fail(Throwable error) {
            stop();
            terminated = true;
            actual.onError(Operators.onOperatorError(upstream, error, actual.currentContext()));
        }

        private void stop() {
            over = true;
            window.release();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return upstream;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.TERMINATED) {
                return terminated;
            }
            if (key == Attr.ERROR) {
                return ended ? failure : null;
            }
            if (key == Attr.PREFETCH) {
                return 0;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
