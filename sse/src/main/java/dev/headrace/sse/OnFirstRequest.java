package dev.headrace.sse;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Collects demand until the source has given its subscription. */
    private static final class Waiting<T> extends Operators.DeferredSubscription implements CoreSubscriber<T> {

        private final Flux<T> source;
        private final CoreSubscriber<? super T> actual;
        private final AtomicBoolean asked = new AtomicBoolean();
        private final AtomicLong refused = new AtomicLong();
        private volatile @Nullable Subscription upstream;

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
            if (n > 0) {
                super.request(n);
                if (!isCancelled() && asked.compareAndSet(false, true)) {
                    source.subscribe(this);
                }
            } else if (!isCancelled()) {
                refuse(n);
            }
        }

        /** Before the source is asked, nobody else signals; afterwards it does, so it is told and refuses by itself. */
        private void refuse(long n) {
            if (asked.compareAndSet(false, true)) {
                cancel();
                actual.onError(new IllegalArgumentException(
                        "Rule 3.9: a request must be for a positive number of elements, not " + n));
            } else {
                refused.compareAndSet(0, n);
                Subscription current = upstream;
                if (current != null) {
                    current.request(n);
                }
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            set(subscription);
            long bad = refused.get();
            if (bad != 0) {
                subscription.request(bad);
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
