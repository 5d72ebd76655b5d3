package dev.headrace.resilience;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * A limit in bytes a second, shared by all transfers that are given it, and changeable while they run. Thread-safe.
 *
 * <p>Bytes are charged when they <em>have</em> moved: whoever moves a batch {@linkplain #pass passes} its size, and asks for more once that
 * completes. So a batch is never held up, only what follows it, and together the sharers exceed the limit by no more than the burst and one
 * batch of each. The burst is a tenth of a second's worth, and 64 KiB at least.
 *
 * <p>Those who wait are served in the order in which they came, so of sharers with batches of one size each gets the same. Waiting holds no
 * thread, and there is one timer however many wait. Time is that of Reactor's {@code parallel} scheduler, so virtual time reaches it.
 */
public final class BandwidthLimit {

    private static final long UNLIMITED = -1;
    // Before all other marks, and far enough from the end to be reckoned with.
    private static final long PAID = Long.MIN_VALUE / 2;
    private static final long LONGEST_SLEEP = TimeUnit.HOURS.toNanos(1);

    // Guarded by the monitor; inside it nothing foreign runs, as in a WaitingLine. That one counts at the head of the
    // line, though,
    // and so would forget the bytes of those who leave.
    private final LinkedHashSet<Waiter> line = new LinkedHashSet<>();
    private long bytesPerSecond;
    private @Nullable ByteMeter meter;

    private final AtomicInteger draining = new AtomicInteger();
    // Touched only within the drain loop.
    private Disposable timer = Disposables.disposed();

    private BandwidthLimit(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * A limit.
     *
     * @param bytesPerSecond from 1 to 16,000,000,000
     * @return a limit of its own, shared by whoever is given it
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public static BandwidthLimit of(long bytesPerSecond) {
        return new BandwidthLimit(checked(bytesPerSecond));
    }

    /**
     * No limit yet: one that can be {@linkplain #change set} while transfers run.
     *
     * @return a limit of its own, shared by whoever is given it
     */
    public static BandwidthLimit unlimited() {
        return new BandwidthLimit(UNLIMITED);
    }

    /**
     * Sets the limit anew, at once also for those who wait: what they owe is paid off at the new rate.
     *
     * @param bytesPerSecond from 1 to 16,000,000,000; to have none any more, {@link #lift()}
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public void change(long bytesPerSecond) {
        synchronized (this) {
            this.bytesPerSecond = checked(bytesPerSecond);
            if (meter != null) {
                meter.change(bytesPerSecond);
            }
        }
        drain();
    }

    /** Takes the limit away: all who wait go on, and what they owed is forgotten. */
    public void lift() {
        synchronized (this) {
            bytesPerSecond = UNLIMITED;
            meter = null;
            line.forEach(waiter -> waiter.mark = PAID);
        }
        drain();
    }

    /**
     * The limit now.
     *
     * @return bytes a second; -1 for none
     */
    public synchronized long bytesPerSecond() {
        return bytesPerSecond;
    }

    /**
     * Charges bytes that have moved, and waits until they and all that were charged before them are paid off.
     *
     * @param bytes how many, 0 or more
     * @return charges each time it is subscribed to. Completes at once, in the subscribing thread, while within the limit; otherwise later,
     *     in that thread or on a {@code parallel} one. Never errors. Cancelling ends the waiting and gives nothing back, as the bytes have
     *     moved
     * @throws IllegalArgumentException if bytes is negative
     */
    public Mono<Void> pass(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be 0 or more, but is " + bytes);
        }
        return Mono.create(caller -> arrive(bytes, caller));
    }

    private void arrive(long bytes, MonoSink<Void> caller) {
        Waiter waiter = new Waiter(caller);
        boolean waits;
        boolean first;
        synchronized (this) {
            waits = charge(bytes, waiter) && line.add(waiter);
            first = line.size() == 1;
        }
        if (!waits) {
            caller.success();
            return;
        }
        caller.onCancel(() -> leave(waiter));
        if (first) {
            drain();
        }
    }

    /** Whether it has to be waited for. */
    private boolean charge(long bytes, Waiter waiter) {
        if (bytesPerSecond == UNLIMITED) {
            return false;
        }
        if (meter == null) {
            // Not before the first use: a limit may be made before a test's virtual time begins.
            meter = new ByteMeter(bytesPerSecond);
        }
        waiter.mark = meter.charge(bytes);
        // Those in line came before: nobody is let past them, however the clock has moved on.
        return !line.isEmpty() || meter.nanosUntil(waiter.mark) > 0;
    }

    private void leave(Waiter waiter) {
        synchronized (this) {
            line.remove(waiter);
        }
        drain();
    }

    private void drain() {
        if (draining.getAndIncrement() != 0) {
            return;
        }
        int marks = 1;
        do {
            for (Waiter next = next(); next != null; next = next()) {
                next.goOn();
            }
            keepTimer();
            marks = draining.addAndGet(-marks);
        } while (marks != 0);
    }

    private synchronized @Nullable Waiter next() {
        Iterator<Waiter> waiters = line.iterator();
        if (!waiters.hasNext()) {
            return null;
        }
        Waiter head = waiters.next();
        if (nanosFor(head) > 0) {
            return null;
        }
        waiters.remove();
        return head;
    }

    private void keepTimer() {
        timer.dispose();
        long wait;
        synchronized (this) {
            if (line.isEmpty()) {
                return;
            }
            wait = Math.min(nanosFor(line.iterator().next()), LONGEST_SLEEP);
        }
        timer = Schedulers.parallel().schedule(this::drain, wait, TimeUnit.NANOSECONDS);
    }

    private long nanosFor(Waiter waiter) {
        return meter == null ? 0 : meter.nanosUntil(waiter.mark);
    }

    /** Whether a wake-up is scheduled; for tests. */
    boolean hasTimer() {
        return !timer.isDisposed();
    }

    private static long checked(long bytesPerSecond) {
        if (bytesPerSecond < 1 || bytesPerSecond > ByteMeter.FASTEST) {
            throw new IllegalArgumentException("bytesPerSecond must be from 1 to " + ByteMeter.FASTEST + ", but is "
                    + bytesPerSecond + "; for no limit use unlimited() or lift()");
        }
        return bytesPerSecond;
    }

    @Override
    public synchronized String toString() {
        return bytesPerSecond == UNLIMITED ? "no limit" : bytesPerSecond + " bytes a second";
    }

    private static final class Waiter {

        private final MonoSink<Void> caller;
        // Guarded by the monitor of the limit.
        private long mark;

        Waiter(MonoSink<Void> caller) {
            this.caller = caller;
        }

        void goOn() {
            try {
                caller.success();
            } catch (Throwable failure) {
                // Somebody else's mistake must not stop the line.
                Operators.onErrorDropped(failure, Context.empty());
            }
        }
    }
}
