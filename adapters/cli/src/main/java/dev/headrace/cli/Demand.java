package dev.headrace.cli;

import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;

/**
 * Reads a publisher on the calling thread, one element after the other: the next is asked for when the one before has been written. So a
 * slow or blocked reader of standard output is felt by the remote, and no element is read that nobody wants.
 *
 * <p>Elements that are there already come within the request for them, without a change of threads; before it waits for another thread,
 * the loop says so, which is the moment to flush.
 *
 * @param <T> the type of the elements
 */
final class Demand<T> implements CoreSubscriber<T> {

    /** Counts signals: one for each element, one for the end, one for an interruption. */
    private final Semaphore signals = new Semaphore(0);

    private volatile @Nullable Subscription subscription;
    private volatile @Nullable T element;
    private volatile @Nullable Throwable failure;
    private volatile boolean interrupted;

    private Demand() {}

    /**
     * Reads to the end, to a failure or to an interruption; whatever happens, the source has ended or is cancelled then.
     *
     * @param each takes each element; what it throws ends the reading
     * @param beforeWaiting called when no element is at hand, and at the end
     * @throws InterruptedRunException after an interruption
     */
    static <T> void read(
            Publisher<? extends T> source,
            Interruption interruption,
            Consumer<? super T> each,
            Runnable beforeWaiting) {
        Demand<T> demand = new Demand<>();
        interruption.onInterrupt(demand::interrupt);
        source.subscribe(demand);
        try {
            demand.loop(each, beforeWaiting);
        } finally {
            demand.cancel();
        }
    }

    private void loop(Consumer<? super T> each, Runnable beforeWaiting) {
        while (true) {
            if (!signals.tryAcquire()) {
                beforeWaiting.run();
                signals.acquireUninterruptibly();
            }
            T next = element;
            if (next == null) {
                break;
            }
            element = null;
            each.accept(next);
            request();
        }
        beforeWaiting.run();
        if (interrupted) {
            throw new InterruptedRunException("interrupted");
        }
        Throwable failed = failure;
        if (failed != null) {
            throw Exceptions.propagate(failed);
        }
    }

    private void interrupt() {
        interrupted = true;
        cancel();
        signals.release();
    }

    private void request() {
        Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    private void cancel() {
        Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        if (interrupted) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(T next) {
        element = next;
        signals.release();
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
        signals.release();
    }

    @Override
    public void onComplete() {
        signals.release();
    }
}
