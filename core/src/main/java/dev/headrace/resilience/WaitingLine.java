package dev.headrace.resilience;

import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * A line of callers before a {@link Gate}, first come, first served. Waiting holds no thread, and there is one timer however long the line.
 *
 * <p><b>What happens.</b> Whoever comes to an empty line asks the gate at once and goes on in its own thread. Everybody else waits. Only the
 * head of the line asks the gate, so a heavy request is never overtaken by light ones; when the gate says no, one wake-up is scheduled for
 * the moment it names or for the moment at which the head's patience ends, whichever is earlier. All in a line have the same patience, so
 * the head's ends first.
 *
 * <p><b>How arriving, leaving and admitting stay apart.</b> The line, the gate and the state of every {@link Ticket} belong to one monitor.
 * Inside it only a few instructions run, and nothing foreign: no signal, no timer, no log. So every ticket has exactly one fate: whoever
 * moves it from {@code WAITING} first decides, and a cancel that meets an admission either finds the ticket still in line, or finds it
 * admitted and gives back what it got.
 *
 * <p><b>How signals are given.</b> The drain loop takes the next ticket inside the monitor and signals it outside. Its counter makes it a
 * queue drain as Reactor's operators have: one thread at a time runs it, others leave a mark and go; a signalled caller that comes back, by
 * giving back a place at once or by asking again, leaves a mark too instead of going deeper, so ten thousand released at once need no more
 * stack than one. The timer is touched only by the drain loop.
 *
 * <p><b>When there must be a drain.</b> Whenever the head or the gate has changed: somebody came to an empty line, the head left, something
 * was given back, a pause was ordered, the timer fired. Who comes behind others, or leaves from among them, changes nothing for the head.
 */
final class WaitingLine<G extends Gate> {

    /** Why somebody does not wait, or waits no more. */
    interface Refusal {
        /**
         * Makes the failure.
         *
         * @param request what was to be sent
         * @param wait how long it would take; {@link Gate#UNTIL_TOLD} if nobody knows
         * @param lineFull whether it is the length of the line that keeps it out
         */
        HttpException of(Request request, long wait, boolean lineFull);
    }

    private enum Fate {
        NEW,
        WAITING,
        ADMITTED,
        USED,
        GONE
    }

    private final long patience;
    private final int places;
    private final Refusal refusal;

    // Guarded by the monitor of this line.
    private final G gate;
    private final LinkedHashSet<Ticket> line = new LinkedHashSet<>();
    private long weightInLine;
    private long wakeAfter;

    private final AtomicInteger draining = new AtomicInteger();

    // Touched only within the drain loop.
    private volatile Disposable timer = Disposables.disposed();
    private long timerId;
    private long timerAt;
    private volatile long firedId;

    /**
     * Opens a line.
     *
     * @param gate what it leads to
     * @param maxWait longest wait
     * @param places most callers that may wait
     * @param refusal what those hear who are not let in
     */
    WaitingLine(G gate, Duration maxWait, int places, Refusal refusal) {
        this.gate = gate;
        this.patience = SchedulerClock.nanosOf(maxWait);
        this.places = places;
        this.refusal = refusal;
    }

    /** A place in the line for one caller, not taken before it {@linkplain Ticket#enter enters}. */
    Ticket ticket(Request request, int weight) {
        return new Ticket(request, weight);
    }

    /** Changes the gate; the line is looked through afterwards. */
    void change(Consumer<? super G> change) {
        boolean waited;
        synchronized (this) {
            change.accept(gate);
            waited = !line.isEmpty();
        }
        if (waited) {
            drain();
        }
    }

    /** A view of the gate and of how many wait before it. */
    synchronized <T> T state(BiFunction<? super G, Integer, T> view) {
        return view.apply(gate, line.size());
    }

    synchronized boolean isFresh() {
        return line.isEmpty() && gate.isFresh(SchedulerClock.nanos());
    }

    /** Whether a wake-up is scheduled; for tests. */
    boolean hasTimer() {
        return !timer.isDisposed();
    }

    private void drain() {
        if (draining.getAndIncrement() != 0) {
            return;
        }
        int marks = 1;
        do {
            for (Ticket next = next(); next != null; next = next()) {
                next.signal();
            }
            keepTimer();
            marks = draining.addAndGet(-marks);
        } while (marks != 0);
    }

    /** Takes the next from the line whose fate is decided, or says after which time to look again. */
    private synchronized @Nullable Ticket next() {
        Iterator<Ticket> tickets = line.iterator();
        if (!tickets.hasNext()) {
            wakeAfter = Gate.UNTIL_TOLD;
            return null;
        }
        Ticket head = tickets.next();
        long now = SchedulerClock.nanos();
        long wait = gate.enter(head.weight, now);
        long left = head.deadline - now;
        if (wait == 0) {
            head.fate = Fate.ADMITTED;
            head.admittedAt = now;
        } else if (left <= 0 || wait != Gate.UNTIL_TOLD && wait > left) {
            // Beyond its patience by a wait that is known: it need not wait to hear that.
            head.fate = Fate.GONE;
            head.refused = true;
            head.refusedFor = wait;
        } else {
            wakeAfter = Math.min(wait, left);
            return null;
        }
        tickets.remove();
        weightInLine -= head.weight;
        return head;
    }

    private void keepTimer() {
        long after;
        synchronized (this) {
            after = wakeAfter;
        }
        if (after == Gate.UNTIL_TOLD) {
            timer.dispose();
            return;
        }
        long at = SchedulerClock.nanos() + after;
        // One that fires early does no harm: it looks again.
        boolean pending = !timer.isDisposed() && firedId != timerId;
        if (pending && timerAt - at <= 0) {
            return;
        }
        timer.dispose();
        long id = ++timerId;
        timerAt = at;
        timer = Schedulers.parallel().schedule(() -> wake(id), after, TimeUnit.NANOSECONDS);
    }

    private void wake(long id) {
        firedId = id;
        drain();
    }

    /** One caller's place in the line and, later, what it was let in with. Safe to give back at any time, from any thread, and twice. */
    final class Ticket {

        private final Request request;
        private final int weight;

        // Guarded by the monitor of the line.
        private Fate fate = Fate.NEW;
        private long deadline;
        private long admittedAt;
        private boolean refused;
        private long refusedFor;
        private boolean lineFull;

        // Who is told of it; written before it is in line.
        private @Nullable Runnable admitted;
        private @Nullable Consumer<? super HttpException> refusedWith;

        private Ticket(Request request, int weight) {
            this.request = request;
            this.weight = weight;
        }

        /** Enters at once, if nobody waits and the gate is open; otherwise nothing has happened. */
        boolean tryEnter() {
            synchronized (WaitingLine.this) {
                long now = SchedulerClock.nanos();
                if (fate != Fate.NEW || !line.isEmpty() || gate.enter(weight, now) != 0) {
                    return false;
                }
                fate = Fate.ADMITTED;
                admittedAt = now;
                return true;
            }
        }

        /**
         * Enters, or waits for it; once. One of the two is told, on the caller's thread or on a {@code parallel} one; neither, if it was
         * {@linkplain #giveBack given back} before.
         *
         * @param admitted let in
         * @param refused not let in; takes what the refusal makes
         */
        void enter(Runnable admitted, Consumer<? super HttpException> refused) {
            this.admitted = admitted;
            this.refusedWith = refused;
            if (arrive()) {
                signal();
            }
        }

        /** Whether the fate is known at once. */
        private boolean arrive() {
            synchronized (WaitingLine.this) {
                if (fate != Fate.NEW) {
                    return false;
                }
                if (tryEnter()) {
                    return true;
                }
                long now = SchedulerClock.nanos();
                long estimate = gate.estimate(weightInLine, weight, now);
                lineFull = line.size() >= places;
                if (lineFull || patience == 0 || estimate != Gate.UNTIL_TOLD && estimate > patience) {
                    fate = Fate.GONE;
                    refused = true;
                    refusedFor = estimate;
                    return true;
                }
                fate = Fate.WAITING;
                deadline = now + patience;
                weightInLine += weight;
                line.add(this);
                if (line.size() > 1) {
                    return false;
                }
            }
            drain();
            return false;
        }

        private void signal() {
            boolean out;
            synchronized (WaitingLine.this) {
                out = refused;
            }
            try {
                if (out) {
                    Objects.requireNonNull(refusedWith).accept(refusal.of(request, refusedFor, lineFull));
                } else {
                    Objects.requireNonNull(admitted).run();
                }
            } catch (Throwable failure) {
                // Somebody else's mistake must not stop the line.
                Operators.onErrorDropped(failure, Context.empty());
            }
        }

        /** What the caller was let in with is used: it can not be given back any more. */
        void use() {
            synchronized (WaitingLine.this) {
                if (fate == Fate.ADMITTED) {
                    fate = Fate.USED;
                }
            }
        }

        /** Leaves the line, or gives back what was not used. */
        void giveBack() {
            boolean look;
            synchronized (WaitingLine.this) {
                look = !line.isEmpty();
                switch (fate) {
                    case WAITING -> {
                        look = line.iterator().next() == this;
                        line.remove(this);
                        weightInLine -= weight;
                    }
                    case ADMITTED -> gate.giveBack(weight, admittedAt);
                    default -> look = false;
                }
                if (fate != Fate.USED) {
                    fate = Fate.GONE;
                }
            }
            if (look) {
                drain();
            }
        }
    }
}
