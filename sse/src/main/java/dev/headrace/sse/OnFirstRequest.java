package dev.headrace.sse;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Subscribes to its source when the first element is asked for.
 *
 * <p>Why it exists: a buffer such as {@code onBackpressureBuffer} asks for everything as soon as it is subscribed to, so the request would
 * leave before anybody wants an event. {@code delaySubscription} with a trigger in {@code doOnRequest} comes close, but starts the source
 * <em>before</em> the demand that triggered it is known to the buffer, which then drops what has been asked for. Here the demand is handed
 * on within {@code onSubscribe}, before the source can say anything.
 *
 * @param <T> the type of the elements
 */
final class OnFirstRequest<T> extends Flux<T> implements Scannable {

    private final Flux<T> source;

    private OnFirstRequest(Flux<T> source) {
        this.source = source;
    }

    static <T> Flux<T> of(Flux<T> source) {
        return onAssembly(new OnFirstRequest<>(source));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        actual.onSubscribe(new Waiting<>(source, actual));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    /**
     * Collects demand until the source has given its subscription. {@code Operators.DeferredSubscription} would do, but for a source that
     * answers within its request: a cancel from there would not reach it.
     */
    private static final class Waiting<T> implements CoreSubscriber<T>, Subscription {

        private final Flux<T> source;
        private final CoreSubscriber<? super T> actual;
        private final AtomicBoolean asked = new AtomicBoolean();
        private final AtomicLong demand = new AtomicLong();
        private final AtomicBoolean refused = new AtomicBoolean();
        private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();

        Waiting(Flux<T> source, CoreSubscriber<? super T> actual) {
            this.source = source;
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void request(long n) {
            Subscription known = upstream.get();
            if (known != null) {
                known.request(n);
            } else if (n <= 0) {
                refuse(n);
            } else {
                demand.accumulateAndGet(n, Operators::addCap);
                if (asked.compareAndSet(false, true)) {
                    source.subscribe(this);
                } else {
                    handOn();
                }
            }
        }

        /** Before the source is asked, nobody else signals; afterwards it does, so it is told and refuses by itself. */
        private void refuse(long n) {
            if (asked.compareAndSet(false, true)) {
                cancel();
                actual.onError(new IllegalArgumentException(
                        "Rule 3.9: a request must be for a positive number of elements, not " + n));
            } else {
                refused.set(true);
                handOn();
            }
        }

        private void handOn() {
            Subscription known = upstream.get();
            if (known == null) {
                return;
            }
            long wanted = demand.getAndSet(0);
            if (wanted > 0) {
                known.request(wanted);
            }
            if (refused.getAndSet(false)) {
                known.request(0);
            }
        }

        @Override
        public void cancel() {
            Subscription known = upstream.getAndSet(Operators.cancelledSubscription());
            if (known != null) {
                known.cancel();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (upstream.compareAndSet(null, subscription)) {
                handOn();
            } else {
                subscription.cancel();
            }
        }

        @Override
        public void onNext(T element) {
            actual.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }
}
