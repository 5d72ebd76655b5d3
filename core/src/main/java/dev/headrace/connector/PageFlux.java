package dev.headrace.connector;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The items of pages, one page after the other, where a page begins as soon as its items are wanted and not before.
 *
 * <h2>Why it exists</h2>
 *
 * <p>Whether to ask for the next page is a matter of two numbers: how many items are wanted, and how many the pages that have begun still
 * hold. No stock operator sees both. {@code concatMap} without prefetch begins a page when the one before has been delivered, so the reader
 * waits for every request; with prefetch it begins pages that nobody may ever read.
 *
 * <h2>How it works</h2>
 *
 * <p>Upstream names pages, which costs nothing; it names the next one once it knows how the last one ends, which may be long before that has
 * been delivered. A named page begins
 *
 * <ul>
 *   <li>when nothing is under way and an item is wanted,
 *   <li>or when more items are wanted than the page under way holds: one page ahead,
 *   <li>or when reading has begun and fewer pages than the prefetch are under way beyond the one that is being delivered.
 * </ul>
 *
 * <p>To begin a page is to ask for its first item, for nothing of it happens before; that item waits in {@code first} until its turn.
 * Only the page whose turn it is gets demand, all there is, and its items pass straight through. All else is done by whoever raised
 * {@code wip} from zero. What goes wrong with a page ahead, or with naming the next, waits until the items before have been delivered.
 *
 * <p>Demand is counted from the beginning and never taken back, so that whether more is wanted than {@code before} and the pages under way
 * hold is one comparison, whatever is being delivered meanwhile. (A request for less than one item, which nobody may make, is refused while
 * an item may be on its way.)
 *
 * @param <T> the type of the items
 */
final class PageFlux<T> extends Flux<T> implements Scannable {

    /** A page that has been named. */
    interface Source<T> {

        /** Its items, once; subscribing does nothing before the first is asked for. */
        Publisher<T> items();

        /** How many items it holds; asked once the page behind it has been named. */
        long size();

        /** All its items have been delivered. */
        void delivered(long items);

        /**
         * It failed, which is about to be said, perhaps only behind the items of pages before it.
         *
         * @param failure what happened
         * @param begun whether an item came before
         */
        default void failed(Throwable failure, boolean begun) {}
    }

    private final Publisher<? extends Source<T>> pages;
    private final int prefetch;

    PageFlux(Publisher<? extends Source<T>> pages, int prefetch) {
        this.pages = pages;
        this.prefetch = prefetch;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        pages.subscribe(new PageSubscriber<>(actual, prefetch));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PREFETCH) {
            return prefetch;
        }
        if (key == Attr.PARENT) {
            return pages;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    static final class PageSubscriber<T> implements CoreSubscriber<Source<T>>, Subscription, Scannable {

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<PageSubscriber> WIP =
                AtomicIntegerFieldUpdater.newUpdater(PageSubscriber.class, "wip");

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<PageSubscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(PageSubscriber.class, "requested");

        private final CoreSubscriber<? super T> actual;
        private final int prefetch;
        private final Queue<Source<T>> named = new ConcurrentLinkedQueue<>();

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private Subscription upstream;

        @SuppressWarnings("UnusedVariable") // Read through WIP.
        private volatile int wip;

        private volatile long requested;
        private volatile boolean allNamed;
        private volatile boolean cancelled;
        private volatile @Nullable IllegalArgumentException badRequest;
        private volatile @Nullable Delivery<T> current;
        // Written before `allNamed`, read after it.
        private @Nullable Throwable namingFailure;

        // Belong to the one who drains.
        private final Deque<Delivery<T>> ahead = new ArrayDeque<>();
        private long before;
        private boolean begun;
        private boolean over;

        PageSubscriber(CoreSubscriber<? super T> actual, int prefetch) {
            this.actual = actual;
            this.prefetch = prefetch;
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
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Source<T> page) {
            named.offer(page);
            drain();
        }

        @Override
        public void onError(Throwable failure) {
            if (allNamed || cancelled) {
                Operators.onErrorDropped(failure, currentContext());
                return;
            }
            namingFailure = failure;
            allNamed = true;
            drain();
        }

        @Override
        public void onComplete() {
            allNamed = true;
            drain();
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
                Delivery<T> delivering = current;
                if (delivering != null) {
                    // At once: whoever drains may be within a long delivery of it.
                    delivering.cancel();
                }
                drain();
            }
        }

        private void drain() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                if (!over) {
                    drainOnce();
                }
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void drainOnce() {
            while (!cancelled) {
                IllegalArgumentException refused = badRequest;
                if (refused != null) {
                    fail(refused);
                    return;
                }
                // Read before the pages that were named: those all came before the end.
                boolean noMore = allNamed;
                begin();
                Delivery<T> delivering = current;
                if (delivering == null) {
                    if (noMore && named.isEmpty()) {
                        terminate();
                    }
                    return;
                }
                boolean ended = delivering.advance();
                if (cancelled) {
                    break;
                }
                if (!ended) {
                    return;
                }
                Throwable failure = delivering.failure;
                if (failure != null) {
                    fail(failure);
                    return;
                }
                before += delivering.emitted;
                current = ahead.poll();
                delivering.page.delivered(delivering.emitted);
            }
            stop();
        }

        /** Begins the pages that are wanted. */
        private void begin() {
            while (isNextWanted()) {
                Source<T> page = named.poll();
                if (page == null) {
                    return;
                }
                begun = true;
                Delivery<T> delivery = new Delivery<>(this, page);
                if (current == null) {
                    current = delivery;
                } else {
                    ahead.add(delivery);
                }
                page.items().subscribe(delivery);
                if (cancelled) {
                    delivery.cancel();
                    return;
                }
                delivery.begin();
            }
        }

        private boolean isNextWanted() {
            if (named.isEmpty() || cancelled) {
                return false;
            }
            Delivery<T> delivering = current;
            if (delivering == null) {
                return requested > before || begun && prefetch > 0;
            }
            boolean waits = !delivering.direct && requested <= before;
            if (ahead.size() + (waits ? 1 : 0) < prefetch) {
                return true;
            }
            if (!ahead.isEmpty()) {
                return false;
            }
            long wanted = requested;
            return wanted == Long.MAX_VALUE || wanted > before + delivering.page.size();
        }

        private void terminate() {
            over = true;
            if (namingFailure == null) {
                actual.onComplete();
            } else {
                actual.onError(namingFailure);
            }
        }

        private void fail(Throwable failure) {
            stop();
            actual.onError(failure);
        }

        private void stop() {
            over = true;
            upstream.cancel();
            Delivery<T> delivering = current;
            if (delivering != null) {
                delivering.cancel();
                delivering.discard();
            }
            for (Delivery<T> waiting = ahead.poll(); waiting != null; waiting = ahead.poll()) {
                waiting.cancel();
                waiting.discard();
            }
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
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.PREFETCH) {
                return prefetch;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }

    /** A page that has begun. */
    private static final class Delivery<T> implements CoreSubscriber<T> {

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<Delivery, Object> FIRST =
                AtomicReferenceFieldUpdater.newUpdater(Delivery.class, Object.class, "first");

        private final PageSubscriber<T> parent;
        private final Source<T> page;
        private volatile @Nullable Subscription upstream;
        private volatile boolean direct;
        private volatile boolean cancelled;
        // Written before `drain`, read within it.
        private volatile @Nullable Object first;
        private @Nullable Throwable failure;
        private volatile boolean done;
        // Belongs to who sends the items.
        private boolean came;

        private long emitted;
        // Belong to the one who drains.
        private long asked;

        Delivery(PageSubscriber<T> parent, Source<T> page) {
            this.parent = parent;
            this.page = page;
        }

        @Override
        public Context currentContext() {
            return parent.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                if (cancelled) {
                    subscription.cancel();
                }
            }
        }

        /** Asks for the first item, which makes the page begin. */
        void begin() {
            asked = 1;
            request(1);
        }

        private void request(long n) {
            Objects.requireNonNull(upstream, "a page must have called onSubscribe")
                    .request(n);
        }

        @Override
        public void onNext(T item) {
            if (cancelled) {
                Operators.onDiscard(item, currentContext());
            } else if (direct) {
                emitted++;
                parent.actual.onNext(item);
            } else {
                came = true;
                first = item;
                if (cancelled) {
                    // Whoever cleans up may have been here already.
                    discard();
                }
                parent.drain();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (done || cancelled) {
                Operators.onErrorDropped(error, currentContext());
                return;
            }
            page.failed(error, came);
            failure = error;
            done = true;
            parent.drain();
        }

        @Override
        public void onComplete() {
            done = true;
            parent.drain();
        }

        /** It is this page's turn. True if all of it has been delivered. */
        boolean advance() {
            boolean ended = done;
            if (!direct) {
                @SuppressWarnings("unchecked")
                T item = (T) first;
                if (item == null) {
                    return ended;
                }
                if (parent.requested <= parent.before) {
                    return false;
                }
                first = null;
                emitted = 1;
                // Before the item: whoever gets it may ask for more from another thread.
                direct = true;
                parent.actual.onNext(item);
            }
            if (ended) {
                return true;
            }
            long wanted = parent.requested;
            long wantedHere = wanted == Long.MAX_VALUE ? Long.MAX_VALUE : wanted - parent.before;
            if (wantedHere > asked) {
                long more = wantedHere == Long.MAX_VALUE ? Long.MAX_VALUE : wantedHere - asked;
                asked = wantedHere;
                request(more);
            }
            return done;
        }

        void cancel() {
            cancelled = true;
            Subscription subscription = upstream;
            if (subscription != null) {
                subscription.cancel();
            }
        }

        void discard() {
            @SuppressWarnings("unchecked")
            T item = (T) FIRST.getAndSet(this, null);
            Operators.onDiscard(item, currentContext());
        }
    }
}
