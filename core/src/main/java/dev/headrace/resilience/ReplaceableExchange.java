package dev.headrace.resilience;

import dev.headrace.http.Response;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Hands on what an exchange gives, an answer or a failure, unless something else is to come in its place.
 *
 * <p>Why it exists: {@code flatMap} for the answer within {@code onErrorResume} for the failure does nearly the same, but what replaces an
 * answer and fails is then taken for a failed exchange; the other way round they need a third operator around them. And every call passes
 * here, while few are replaced: this way one that is not costs two objects instead of seven.
 *
 * <p>How it works: what is asked for is counted before it is passed to whoever gives now, and a replacement takes over before it looks at the
 * count. So it may hear of the same demand twice, which says nothing to something that gives one answer, but never not at all. Whoever
 * cancels leaves a mark in place of the subscription, which a replacement finds.
 */
final class ReplaceableExchange extends MonoOperator<Response, Response> {

    /** Says what comes instead. Asked once for an exchange, on the thread of the signal. */
    interface Replacement {

        /** In place of an answer, which is then its own to give back; null to hand the answer on. */
        @Nullable
        Mono<Response> insteadOf(Response answer);

        /** In place of a failure; null to hand the failure on. */
        @Nullable
        Mono<Response> insteadOf(Throwable failure);
    }

    private final Replacement replacement;

    private ReplaceableExchange(Mono<Response> exchange, Replacement replacement) {
        super(exchange);
        this.replacement = replacement;
    }

    static Mono<Response> of(Mono<Response> exchange, Replacement replacement) {
        return onAssembly(new ReplaceableExchange(exchange, replacement));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Response> actual) {
        source.subscribe(new Original(actual, replacement));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    private static final class Original implements CoreSubscriber<Response>, Subscription {

        private static final AtomicReferenceFieldUpdater<Original, Subscription> UPSTREAM =
                AtomicReferenceFieldUpdater.newUpdater(Original.class, Subscription.class, "upstream");
        private static final AtomicLongFieldUpdater<Original> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Original.class, "requested");

        private final CoreSubscriber<? super Response> actual;
        private final Replacement replacement;
        private boolean replaced;
        private volatile long requested;

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private volatile Subscription upstream;

        Original(CoreSubscriber<? super Response> actual, Replacement replacement) {
            this.actual = actual;
            this.replacement = replacement;
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
        public void onNext(Response answer) {
            if (isCancelled()) {
                // Whoever made it takes back what nobody reads.
                Operators.onDiscard(answer, currentContext());
                return;
            }
            Mono<Response> other;
            try {
                other = replacement.insteadOf(answer);
            } catch (Throwable e) {
                other = Mono.error(Operators.onOperatorError(upstream, e, answer, currentContext()));
            }
            if (other == null) {
                actual.onNext(answer);
            } else {
                replaceBy(other);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (isCancelled()) {
                Operators.onErrorDropped(failure, currentContext());
                return;
            }
            Mono<Response> other;
            try {
                other = replacement.insteadOf(failure);
            } catch (Throwable e) {
                other = Mono.error(Operators.onOperatorError(null, e, failure, currentContext()));
            }
            if (other == null) {
                actual.onError(failure);
            } else {
                replaceBy(other);
            }
        }

        @Override
        public void onComplete() {
            if (!replaced) {
                actual.onComplete();
            }
        }

        private boolean isCancelled() {
            return upstream == Operators.cancelledSubscription();
        }

        private void replaceBy(Mono<Response> other) {
            replaced = true;
            other.subscribe(new Other());
        }

        @Override
        public void request(long n) {
            if (n > 0) {
                Operators.addCap(REQUESTED, this, n);
            }
            upstream.request(n);
        }

        @Override
        public void cancel() {
            UPSTREAM.getAndSet(this, Operators.cancelledSubscription()).cancel();
        }

        /** Takes the place of the original. */
        private final class Other implements CoreSubscriber<Response> {

            @Override
            public Context currentContext() {
                return actual.currentContext();
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                Subscription original = upstream;
                if (isCancelled() || !UPSTREAM.compareAndSet(Original.this, original, subscription)) {
                    subscription.cancel();
                    return;
                }
                long wanted = requested;
                if (wanted > 0) {
                    subscription.request(wanted);
                }
            }

            @Override
            public void onNext(Response response) {
                actual.onNext(response);
            }

            @Override
            public void onError(Throwable failure) {
                actual.onError(failure);
            }

            @Override
            public void onComplete() {
                actual.onComplete();
            }
        }
    }
}
