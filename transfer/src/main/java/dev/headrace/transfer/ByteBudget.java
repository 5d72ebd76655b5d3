package dev.headrace.transfer;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The memory that all transfers together may fill with bytes on their way. Thread-safe.
 *
 * <p>A transfer that finds none left waits for others to give some back; it holds no thread meanwhile. Who waits is served in order, so a
 * transfer that needs much is not overtaken for ever by those that need little. One that needs more than there is at all gets it once
 * nothing else is out.
 */
public final class ByteBudget {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long LEAST_SHARED = 4 * MEBIBYTE;
    private static final long MOST_SHARED = 256 * MEBIBYTE;

    private static final ByteBudget SHARED =
            new ByteBudget(Math.max(LEAST_SHARED, Math.min(MOST_SHARED, directMemory() / 2)));

    private final long size;

    // Guarded by the monitor; inside it nothing foreign runs.
    private final LinkedHashSet<Applicant> line = new LinkedHashSet<>();
    private long out;

    private final AtomicInteger draining = new AtomicInteger();

    private ByteBudget(long size) {
        this.size = size;
    }

    /**
     * The budget of this process, which transfers use unless told otherwise: half of the direct memory that the JVM allows
     * ({@code -XX:MaxDirectMemorySize}, or else the greatest heap), from 4 MiB to 256 MiB.
     *
     * @return always the same
     */
    public static ByteBudget shared() {
        return SHARED;
    }

    /**
     * A budget of its own.
     *
     * @param bytes its size, at least 1
     * @return shared by whoever is given it
     * @throws IllegalArgumentException if bytes is less than 1
     */
    public static ByteBudget of(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes must be at least 1, but is " + bytes);
        }
        return new ByteBudget(bytes);
    }

    /**
     * Its size.
     *
     * @return bytes
     */
    public long size() {
        return size;
    }

    /**
     * What is left of it now.
     *
     * @return bytes; 0 also while a transfer has more than there is
     */
    public synchronized long free() {
        return Math.max(0, size - out);
    }

    /**
     * Takes some of it. Whoever finds enough free and nobody waiting gets it at once, in its own thread; others wait in line, and get it in
     * the thread that gave something back. While others wait behind, what is free is shared out evenly, but never below the least.
     *
     * @param least bytes without which there is no going on, at least 1
     * @param most bytes that are of use
     * @return a lease for each subscription. Never errors; cancelling leaves the line, and gives back a lease that was not handed on yet.
     *     One that was has an owner, even if that cancelled just then: take it by {@code usingWhen}, which keeps to this, while the
     *     subscribers of lambdas drop it
     */
    Mono<Lease> lease(long least, long most) {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException("least must be from 1 to most, but is " + least + ", and most " + most);
        }
        return Mono.create(caller -> {
            Applicant applicant = new Applicant(least, most, caller);
            caller.onCancel(applicant::leave);
            if (applicant.arrive()) {
                applicant.handOver();
            }
        });
    }

    /** How many wait; for tests. */
    synchronized int waiting() {
        return line.size();
    }

    private void drain() {
        if (draining.getAndIncrement() != 0) {
            return;
        }
        int marks = 1;
        do {
            for (Applicant next = next(); next != null; next = next()) {
                next.handOver();
            }
            marks = draining.addAndGet(-marks);
        } while (marks != 0);
    }

    private synchronized @Nullable Applicant next() {
        Iterator<Applicant> applicants = line.iterator();
        if (!applicants.hasNext()) {
            return null;
        }
        Applicant head = applicants.next();
        if (!head.grant(line.size())) {
            return null;
        }
        applicants.remove();
        return head;
    }

    private void giveBack(long bytes) {
        boolean awaited;
        synchronized (this) {
            out -= bytes;
            awaited = !line.isEmpty();
        }
        if (awaited) {
            drain();
        }
    }

    private static long directMemory() {
        long heap = Runtime.getRuntime().maxMemory();
        try {
            String option = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("MaxDirectMemorySize")
                    .getValue();
            return option.equals("0") ? heap : Long.parseLong(option);
        } catch (RuntimeException | LinkageError notThisMachine) {
            // Only HotSpot says it.
            return heap;
        }
    }

    @Override
    public synchronized String toString() {
        return out + " of " + size + " bytes are out, " + line.size() + " wait";
    }

    /** Bytes that were taken. Safe to release from any thread, and twice. */
    final class Lease {

        private final long bytes;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(long bytes) {
            this.bytes = bytes;
        }

        /** From the least to the most that was asked for. */
        long bytes() {
            return bytes;
        }

        void release() {
            if (released.compareAndSet(false, true)) {
                giveBack(bytes);
            }
        }
    }

    /** Whoever asks for a lease. Its fate is decided in the monitor of the budget: it is given one, or it is gone. */
    private final class Applicant {

        private final long least;
        private final long most;
        private final MonoSink<Lease> caller;

        // Guarded by the monitor of the budget.
        private @Nullable Lease lease;
        private boolean gone;

        Applicant(long least, long most, MonoSink<Lease> caller) {
            this.least = least;
            this.most = most;
            this.caller = caller;
        }

        /** Whether it has got a lease at once. */
        boolean arrive() {
            synchronized (ByteBudget.this) {
                if (gone) {
                    return false;
                }
                if (line.isEmpty() && grant(1)) {
                    return true;
                }
                line.add(this);
                return false;
            }
        }

        /** Within the monitor. */
        boolean grant(int applicants) {
            long free = size - out;
            if (free < least && out > 0) {
                return false;
            }
            // More than there is only for one that goes alone.
            long bytes = Math.max(least, Math.min(most, free / applicants));
            out += bytes;
            lease = new Lease(bytes);
            return true;
        }

        void handOver() {
            Lease granted;
            synchronized (ByteBudget.this) {
                granted = lease;
            }
            try {
                caller.success(granted);
            } catch (Throwable failure) {
                // Somebody else's mistake must not stop the line.
                Operators.onErrorDropped(failure, Context.empty());
            }
        }

        /** Called only if no lease has been handed over, and none will be. */
        void leave() {
            Lease unused;
            synchronized (ByteBudget.this) {
                gone = true;
                unused = lease;
                line.remove(this);
            }
            if (unused != null) {
                unused.release();
            }
            // It may have been the head, and those behind it may need less.
            drain();
        }
    }
}
