package dev.headrace.transfer;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs the disk work of one transfer, one task after the other, on the library's own threads.
 *
 * <p>The threads {@code headrace-disk-1} … are daemons shared by all transfers of the process, at most as many as processors and at
 * least four; they end after 30 idle seconds. A task that has begun always runs to its end and is never interrupted: an interrupt
 * would close the file under everybody's hands.
 */
final class DiskWorker implements Executor {

    private static final Executor THREADS = threads();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    private static Executor threads() {
        int size = Math.max(4, Runtime.getRuntime().availableProcessors());
        AtomicInteger number = new AtomicInteger();
        // A transfer queue: handing over a task from an event loop takes no lock.
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new LinkedTransferQueue<>(), task -> {
                    Thread thread = new Thread(task, "headrace-disk-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Runs a task after all that were given before. It must not throw. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            THREADS.execute(this::drain);
        }
    }

    /**
     * Runs a task for each subscriber and signals its result on the disk thread; null completes empty. Cancelling drops the result;
     * the task runs all the same.
     */
    <T> Mono<T> call(Callable<? extends @Nullable T> task) {
        return Mono.create(sink -> execute(() -> {
            T result;
            try {
                result = task.call();
            } catch (CancellationException e) {
                // Only a task that comes after the cancel is refused like this: nobody listens any more.
                return;
            } catch (Throwable e) {
                // An error as well: whoever waits for the result would wait for ever.
                sink.error(e);
                return;
            }
            sink.success(result);
        }));
    }

    /** Runs a task for each subscriber, as {@link #call} does, and completes when it is done. */
    Mono<Void> run(Runnable task) {
        return call(() -> {
            task.run();
            return null;
        });
    }

    private void drain() {
        do {
            // Whoever ran here before, or the reader of our signals, may have left the flag behind.
            boolean ignored = Thread.interrupted();
            Runnable task = tasks.poll();
            if (task != null) {
                runWhateverHappens(task);
            }
        } while (waiting.decrementAndGet() > 0);
    }

    /** One task that fails against all promises must not keep the next ones, which close files, from running. */
    private static void runWhateverHappens(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
