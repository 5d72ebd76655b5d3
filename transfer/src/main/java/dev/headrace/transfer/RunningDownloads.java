package dev.headrace.transfer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The downloads that run in this process, one for each destination. Who wants the same joins the one that runs; who wants something else
 * under the same name is refused. The lock on the journal keeps other processes out.
 *
 * <p>A download belongs to all that have joined it: it is cancelled when the last of them has gone, and whoever comes while it closes its
 * files waits for that.
 */
final class RunningDownloads {

    /** Shared by the whole process, guarded by itself, and never held while anything foreign runs. */
    private static final Map<Path, Running> RUNNING = new HashMap<>();

    private RunningDownloads() {}

    /** Runs a download, or joins the same one, for each subscriber. */
    static Mono<Downloaded> run(Download.Plan plan, Path destination, Consumer<? super TransferProgress> listener) {
        return Mono.defer(() -> new DiskWorker()
                .call(() -> Destination.real(destination))
                .flatMap(real -> join(plan, destination, real, listener)));
    }

    private static Mono<Downloaded> join(
            Download.Plan plan, Path destination, Path real, Consumer<? super TransferProgress> listener) {
        return Mono.deferContextual(context -> {
            Running mine;
            boolean starts = false;
            synchronized (RUNNING) {
                Running other = RUNNING.get(real);
                if (other != null && other.leaving) {
                    return other.released.asMono().then(join(plan, destination, real, listener));
                }
                if (other != null && !other.plan.isSameAs(plan)) {
                    return Mono.error(new DestinationBusyException(destination));
                }
                if (other == null) {
                    other = new Running(plan, destination, real);
                    RUNNING.put(real, other);
                    starts = true;
                }
                mine = other;
                mine.joined++;
            }
            mine.listeners.add(listener);
            mine.tellLatest(listener);
            boolean first = starts;
            return mine.result
                    .asMono()
                    .doOnSubscribe(subscription -> {
                        if (first) {
                            mine.start(context);
                        }
                    })
                    .doFinally(end -> mine.listeners.remove(listener))
                    .doOnCancel(mine::leave);
        });
    }

    /** One download and those who wait for it. */
    private static final class Running {

        private final Download.Plan plan;
        private final Path real;
        private final DownloadRun run;
        private final Sinks.One<Downloaded> result = Sinks.one();
        private final Sinks.Empty<Void> released = Sinks.empty();
        private final List<Consumer<? super TransferProgress>> listeners = new CopyOnWriteArrayList<>();
        private final Disposable.Swap transfer = Disposables.swap();
        private volatile @Nullable TransferProgress latest;

        // Guarded by RUNNING.
        private int joined;
        private boolean leaving;

        Running(Download.Plan plan, Path destination, Path real) {
            this.plan = plan;
            this.real = real;
            this.run = new DownloadRun(plan, destination, this::tell, this::release);
        }

        void start(ContextView context) {
            transfer.update(run.execute()
                    .contextWrite(context)
                    .subscribe(result::tryEmitValue, result::tryEmitError, result::tryEmitEmpty));
        }

        void leave() {
            synchronized (RUNNING) {
                joined--;
                if (joined > 0) {
                    return;
                }
                leaving = true;
            }
            run.leave();
            transfer.dispose();
        }

        private void release() {
            synchronized (RUNNING) {
                RUNNING.remove(real, this);
            }
            released.tryEmitEmpty();
        }

        private synchronized void tell(TransferProgress progress) {
            latest = progress;
            for (Consumer<? super TransferProgress> listener : listeners) {
                tell(listener, progress);
            }
        }

        synchronized void tellLatest(Consumer<? super TransferProgress> listener) {
            TransferProgress known = latest;
            if (known != null) {
                tell(listener, known);
            }
        }

        private static void tell(Consumer<? super TransferProgress> listener, TransferProgress progress) {
            try {
                listener.accept(progress);
            } catch (RuntimeException e) {
                Operators.onErrorDropped(e, Context.empty());
            }
        }
    }
}
