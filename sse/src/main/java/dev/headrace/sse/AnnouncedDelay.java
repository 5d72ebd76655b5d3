package dev.headrace.sse;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler that waits for nothing and says how long it should have waited. {@code Retry.backoff} decides delays and keeps them to
 * itself; a stream that tells its reader of the next attempt must know the delay before it begins, and then waits by itself.
 */
final class AnnouncedDelay implements Scheduler {

    private Duration announced = Duration.ZERO;

    Duration announced() {
        return announced;
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        announced = Duration.of(delay, unit.toChronoUnit());
        return schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task) {
        task.run();
        return Disposables.disposed();
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("Only single tasks are scheduled here");
    }
}
