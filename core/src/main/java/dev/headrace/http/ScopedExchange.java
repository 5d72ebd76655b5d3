package dev.headrace.http;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * An exchange that begins when the first element is asked for, and what a reader makes of its response.
 *
 * <p>Why it exists. Composed, this is {@code just}, {@code hide}, {@code concatMap} without prefetch, {@code using}, {@code flatMapMany} and
 * {@code contextWrite}: four calls for each element of every stream there is, a fifth of what a small event costs, and half a kilobyte for
 * each request. Here an element takes one call.
 *
 * <p>How it works. There are two upstreams, one after the other: the exchange, which gives one response, and what the reader has made of it.
 * Demand is collected until the second has given its subscription, and handed on from then. The scope is closed before the end is said, and
 * after a cancellation has reached both.
 *
 * @param <R> the type of the elements
 */
final class ScopedExchange<R> extends Flux<R> implements Scannable {

    private final Exchange exchange;
    private final Request request;
    private final Function<? super Response, ? extends Publisher<? extends R>> reader;

    private ScopedExchange(
            Exchange exchange, Request request, Function<? super Response, ? extends Publisher<? extends R>> reader) {
        this.exchange = exchange;
        this.request = request;
        this.reader = reader;
    }

    static <R> Flux<R> of(
            Exchange exchange, Request request, Function<? super Response, ? extends Publisher<? extends R>> reader) {
        return onAssembly(new ScopedExchange<>(exchange, request, reader));
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        actual.onSubscribe(new Waiting<>(this, actual));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PREFETCH) {
            return 0;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    /** Asks for the response, and is the subscription of whoever reads. */
    private static final class Waiting<R> implements CoreSubscriber<Response>, Subscription, Scannable {

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<Waiting> DEMAND =
                AtomicLongFieldUpdater.newUpdater(Waiting.class, "demand");

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Waiting> ASKED =
                AtomicIntegerFieldUpdater.newUpdater(Waiting.class, "asked");

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<Waiting, Subscription> HEAD =
                AtomicReferenceFieldUpdater.newUpdater(Waiting.class, Subscription.class, "head");

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<Waiting, Subscription> BODY =
                AtomicReferenceFieldUpdater.newUpdater(Waiting.class, Subscription.class, "body");

        private final ScopedExchange<R> source;
        private final CoreSubscriber<? super R> actual;
        private final ExchangeScope scope = new ExchangeScope();
        private final Context context;

        /** What was asked for before there was anybody to ask; a demand that is none is remembered as {@link Long#MIN_VALUE}. */
        private volatile long demand;

        private volatile int asked;
        private volatile @Nullable Subscription head;
        private volatile @Nullable Subscription body;
        private boolean answered;

        /** While it lasts, a cancellation leaves the scope to it: a body given up between its head and its reader would fail for nobody. */
        private volatile boolean handingOver;

        Waiting(ScopedExchange<R> source, CoreSubscriber<? super R> actual) {
            this.source = source;
            this.actual = actual;
            this.context = scope.enter(actual.currentContext());
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void request(long n) {
            Subscription known = body;
            if (known != null) {
                known.request(n);
            } else if (n > 0) {
                DEMAND.accumulateAndGet(this, n, Waiting::sum);
                if (isFirst()) {
                    send();
                } else {
                    handOn();
                }
            } else if (isFirst()) {
                // Nobody else signals, as nothing has been sent.
                BODY.set(this, Operators.cancelledSubscription());
                actual.onError(new IllegalArgumentException(
                        "Rule 3.9: a request must be for a positive number of elements, not " + n));
            } else {
                // Whoever will read says so.
                DEMAND.set(this, Long.MIN_VALUE);
                handOn();
            }
        }

        private boolean isFirst() {
            return asked == 0 && ASKED.compareAndSet(this, 0, 1);
        }

        private static long sum(long before, long more) {
            return before < 0 ? before : Operators.addCap(before, more);
        }

        private void send() {
            try {
                source.exchange.exchange(source.request).subscribe(this);
            } catch (Throwable e) {
                fail(Operators.onOperatorError(e, context));
            }
        }

        private void handOn() {
            Subscription known = body;
            if (known != null) {
                long wanted = DEMAND.getAndSet(this, 0);
                if (wanted != 0) {
                    known.request(Math.max(wanted, 0));
                }
            }
        }

        @Override
        public void cancel() {
            Operators.terminate(HEAD, this);
            Operators.terminate(BODY, this);
            if (!handingOver) {
                scope.close();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.setOnce(HEAD, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Response response) {
            answered = true;
            handingOver = true;
            try {
                if (!isCancelled()) {
                    read(response);
                }
            } finally {
                handingOver = false;
            }
            if (isCancelled()) {
                scope.close();
            }
        }

        private void read(Response response) {
            Publisher<? extends R> elements;
            try {
                elements = Objects.requireNonNull(source.reader.apply(response), "the reader returned null");
            } catch (Throwable e) {
                fail(Operators.onOperatorError(head, e, response, context));
                return;
            }
            elements.subscribe(new Reading<>(this));
        }

        @Override
        public void onError(Throwable error) {
            if (answered) {
                Operators.onErrorDropped(error, context);
            } else {
                fail(error);
            }
        }

        @Override
        public void onComplete() {
            if (!answered) {
                complete();
            }
        }

        private void begin(Subscription subscription) {
            if (Operators.setOnce(BODY, this, subscription)) {
                handOn();
            }
        }

        private void fail(Throwable error) {
            answered = true;
            scope.close();
            actual.onError(error);
        }

        private void complete() {
            scope.close();
            actual.onComplete();
        }

        private boolean isCancelled() {
            return body == Operators.cancelledSubscription();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return body == null ? head : body;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.CANCELLED) {
                return isCancelled();
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return Math.max(demand, 0);
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }

    /** Passes on what the reader has made. */
    private static final class Reading<R> implements CoreSubscriber<R>, Scannable {

        private final Waiting<R> exchange;
        private final CoreSubscriber<? super R> actual;

        Reading(Waiting<R> exchange) {
            this.exchange = exchange;
            this.actual = exchange.actual;
        }

        @Override
        public Context currentContext() {
            return exchange.context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            exchange.begin(subscription);
        }

        @Override
        public void onNext(R element) {
            actual.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            // A body that was given up by a cancel says so to whoever comes to read it just then.
            if (!exchange.isCancelled()) {
                exchange.fail(error);
            }
        }

        @Override
        public void onComplete() {
            if (!exchange.isCancelled()) {
                exchange.complete();
            }
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return exchange;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
