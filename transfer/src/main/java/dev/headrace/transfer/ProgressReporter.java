package dev.headrace.transfer;

import dev.headrace.transfer.TransferProgress.Phase;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Tells a listener how far a transfer is: at once when the phase changes, and at most ten times a second while bytes move.
 *
 * <p>Whoever moves bytes only says so, which costs a comparison; a timer tells what the line had brought before it fell silent. The
 * listener is never called twice at the same time. What it throws is dropped, for a broken display is no reason to break a transfer.
 */
final class ProgressReporter {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Takes a look at the transfer; called with any thread, one at a time. */
    @FunctionalInterface
    interface Figures {
        /** What is to be told, in this phase and at this speed. */
        TransferProgress at(Phase phase, long bytesPerSecond);
    }

    private final Consumer<? super TransferProgress> listener;
    private final LongSupplier bytes;
    private final Figures figures;
    private final Scheduler timer = Schedulers.parallel();
    private final SpeedMeter speed = new SpeedMeter();
    private final AtomicBoolean timed = new AtomicBoolean();
    private volatile long toldAt;
    private volatile Phase phase = Phase.CONNECTING;
    private volatile boolean ended;
    private boolean begun;

    /** A reporter; {@code bytes} are those that are done, which is what the speed is made of. */
    ProgressReporter(Consumer<? super TransferProgress> listener, LongSupplier bytes, Figures figures) {
        this.listener = listener;
        this.bytes = bytes;
        this.figures = figures;
    }

    /**
     * The stream of progress of a transfer that runs on its own: it begins with the first demand, the latest state waits for a slow
     * reader, and the transfer waits for nobody. Cancelling cancels it.
     *
     * @param run the transfer, given whom to tell; completes when it is done
     */
    static Flux<TransferProgress> flux(Function<Consumer<TransferProgress>, ? extends Publisher<?>> run) {
        return Flux.create(
                sink -> {
                    AtomicBoolean started = new AtomicBoolean();
                    sink.onRequest(demand -> {
                        if (started.compareAndSet(false, true)) {
                            sink.onDispose(Flux.from(run.apply(sink::next))
                                    .contextWrite(sink.contextView())
                                    .subscribe(result -> {}, sink::error, sink::complete));
                        }
                    });
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    /** The transfer has come to another phase, or to the same one once more. */
    void phase(Phase now) {
        phase = now;
        tell();
    }

    /** Bytes have moved. */
    void moved() {
        if (timer.now(TimeUnit.NANOSECONDS) - toldAt >= INTERVAL_NANOS) {
            tell();
        } else if (!timed.get() && timed.compareAndSet(false, true)) {
            Disposable ignored = timer.schedule(this::late, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Nothing is told any more, except the last state by {@link #last}. */
    void end() {
        ended = true;
    }

    /** The last state, after the {@linkplain #end() end}. */
    synchronized void last(TransferProgress progress) {
        accept(progress);
    }

    private void late() {
        timed.set(false);
        if (phase == Phase.TRANSFERRING) {
            tell();
        }
    }

    private synchronized void tell() {
        if (ended) {
            return;
        }
        long now = timer.now(TimeUnit.NANOSECONDS);
        toldAt = now;
        long done = bytes.getAsLong();
        if (!begun) {
            begun = true;
            speed.restart(done, now);
        }
        accept(figures.at(phase, speed.speedAt(done, now)));
    }

    private void accept(TransferProgress progress) {
        try {
            listener.accept(progress);
        } catch (RuntimeException e) {
            Operators.onErrorDropped(e, Context.empty());
        }
    }
}
