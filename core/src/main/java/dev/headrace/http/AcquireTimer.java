package dev.headrace.http;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Ends waits for a connection. A wait that is set and cancelled on Reactor's scheduler wakes a thread each time; a wheel does not.
 *
 * <p>A wheel in turn forgets what was cancelled only at its next tick. Thousands of calls that got their connection at once would be held by
 * it until then, each with all that hangs on it, and be copied by the collector; so a wait lets go of what it would do as soon as it is over.
 */
final class AcquireTimer {

    private static final HashedWheelTimer WHEEL =
            new HashedWheelTimer(new DefaultThreadFactory("headrace-timer", true), 50, TimeUnit.MILLISECONDS);

    private AcquireTimer() {}

    /** Runs a task after a while, on the wheel's own thread, unless what this returns is disposed of before. */
    static Disposable schedule(Runnable task, Duration after) {
        Wait wait = new Wait(task);
        Timeout timeout = WHEEL.newTimeout(wait, after.toNanos(), TimeUnit.NANOSECONDS);
        return () -> {
            wait.set(null);
            timeout.cancel();
        };
    }

    private static final class Wait extends AtomicReference<@Nullable Runnable> implements TimerTask {

        private static final long serialVersionUID = 1L;

        Wait(Runnable task) {
            super(task);
        }

        @Override
        public void run(Timeout timeout) {
            Runnable task = getAndSet(null);
            if (task != null) {
                task.run();
            }
        }
    }
}
