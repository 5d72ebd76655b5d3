package dev.headrace.http;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Tells an {@link ExchangeWatch} of the signals that pass, and passes them on as they are.
 *
 * <p>Why it exists: {@code Mono.tap} does the same, with twice as many objects. Every call passes here twice, as a call and as an attempt,
 * for there is always somebody who counts.
 */
final class WatchedExchange extends MonoOperator<Response, Response> {

    private final Request request;
    private final Function<? super Request, ? extends ExchangeWatch> watches;

    private WatchedExchange(
            Request request, Mono<Response> exchange, Function<? super Request, ? extends ExchangeWatch> watches) {
        super(exchange);
        this.request = request;
        this.watches = watches;
    }

    static Mono<Response> of(
            Request request, Mono<Response> exchange, Function<? super Request, ? extends ExchangeWatch> watches) {
        return onAssembly(new WatchedExchange(request, exchange, watches));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Response> actual) {
        ExchangeWatch watch;
        try {
            watch = watches.apply(request);
            watch.begin();
        } catch (Throwable e) {
            Operators.error(actual, Operators.onOperatorError(e, actual.currentContext()));
            return;
        }
        source.subscribe(new Watcher(actual, watch));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /** Between the exchange and whoever wants its response; afterwards it waits for the end of the body. */
    static final class Watcher implements CoreSubscriber<Response>, Subscription, Consumer<BodyEnd> {

        private final CoreSubscriber<? super Response> actual;
        private final ExchangeWatch watch;

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private Subscription upstream;

        @SuppressWarnings("NullAway.Init") // Set before anybody is asked to tell of its end.
        private Response response;

        Watcher(CoreSubscriber<? super Response> actual, ExchangeWatch watch) {
            this.actual = actual;
            this.watch = watch;
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
        public void onNext(Response came) {
            response = came;
            try {
                watch.answer(came, this);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
            actual.onNext(came);
        }

        @Override
        public void onComplete() {
            // Only without a response: an interceptor that gives none is at fault, but what has started must end.
            end(ExchangeEnd.How.READ, null);
            actual.onComplete();
        }

        @Override
        public void onError(Throwable failure) {
            end(ExchangeEnd.How.FAILED, failure);
            actual.onError(failure);
        }

        @Override
        public void request(long n) {
            upstream.request(n);
        }

        @Override
        public void cancel() {
            end(ExchangeEnd.How.CANCELLED, null);
            upstream.cancel();
        }

        private void end(ExchangeEnd.How how, @Nullable Throwable failure) {
            try {
                watch.endWithoutResponse(how, failure);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
        }

        /** What only watches must not end what it watches. */
        private void goOn(Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            Operators.onErrorDropped(thrown, currentContext());
        }

        @Override
        public void accept(BodyEnd end) {
            watch.endWith(response, end);
        }
    }
}
