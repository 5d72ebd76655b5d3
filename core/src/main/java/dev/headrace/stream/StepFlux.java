package dev.headrace.stream;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What steps give, none or several each, where a step is asked for when what it gives is wanted and not before.
 *
 * <p>Between two steps there may be a request. {@code concatMap} without prefetch asks for the next step when the one before has been
 * delivered, and {@code flatMapIterable} before anybody asks, so a page would be fetched that nobody may ever read.
 *
 * <p>A step is asked for when the one before has been used up; it waits in {@code arrived} until whoever raised {@code wip} from zero takes
 * it. A failure waits until what came before it has been delivered.
 *
 * @param <S> the type of the steps
 * @param <R> the type of what they give
 */
final class StepFlux<S, R> extends Flux<R> {

    private final Publisher<S> steps;
    private final Function<? super S, List<R>> results;

    /** The function is called for each step in turn, and its lists are read by index; if it throws, that is an error. */
    StepFlux(Publisher<S> steps, Function<? super S, List<R>> results) {
        this.steps = steps;
        this.results = results;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        steps.subscribe(new StepSubscriber<>(actual, results));
    }

    private static final class StepSubscriber<S, R> implements CoreSubscriber<S>, Subscription {

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<StepSubscriber> WIP =
                AtomicIntegerFieldUpdater.newUpdater(StepSubscriber.class, "wip");

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<StepSubscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(StepSubscriber.class, "requested");

        private final CoreSubscriber<? super R> actual;
        private final Function<? super S, List<R>> results;

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private Subscription upstream;

        @SuppressWarnings("UnusedVariable") // Read through WIP.
        private volatile int wip;

        private volatile long requested;
        private volatile boolean cancelled;
        private volatile boolean done;
        private volatile @Nullable List<R> arrived;
        // Written before `done`, read after it.
        private @Nullable Throwable failure;

        // Belong to the one who drains.
        private List<R> waiting = List.of();
        private int next;
        private boolean asked;
        private long delivered;

        StepSubscriber(CoreSubscriber<? super R> actual, Function<? super S, List<R>> results) {
            this.actual = actual;
            this.results = results;
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
        public void onNext(S step) {
            if (done) {
                Operators.onNextDropped(step, currentContext());
                return;
            }
            try {
                arrived = results.apply(step);
            } catch (Throwable thrown) {
                onError(Operators.onOperatorError(upstream, thrown, step, currentContext()));
                return;
            }
            drain();
        }

        @Override
        public void onError(Throwable thrown) {
            if (done) {
                Operators.onErrorDropped(thrown, currentContext());
                return;
            }
            failure = thrown;
            done = true;
            drain();
        }

        @Override
        public void onComplete() {
            done = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            upstream.cancel();
        }

        private void drain() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            while (missed != 0) {
                while (!cancelled && advance()) {
                    // Each turn does one thing, after which all may be different.
                }
                missed = WIP.addAndGet(this, -missed);
            }
        }

        /** Does what there is to do next; false if that is nothing. */
        private boolean advance() {
            if (next < waiting.size()) {
                if (delivered == requested) {
                    return false;
                }
                delivered++;
                actual.onNext(waiting.get(next++));
                return true;
            }
            // Looked at in this order: what arrives does so before the end.
            boolean ended = done;
            List<R> results = arrived;
            if (results != null) {
                arrived = null;
                waiting = results;
                next = 0;
                asked = false;
                return true;
            }
            if (ended) {
                end();
                return false;
            }
            if (asked || delivered == requested) {
                return false;
            }
            asked = true;
            upstream.request(1);
            return true;
        }

        private void end() {
            cancelled = true;
            Throwable thrown = failure;
            if (thrown == null) {
                actual.onComplete();
            } else {
                actual.onError(thrown);
            }
        }
    }
}
