package dev.headrace.state;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Runs blocking tasks one after the other, in the order of subscription. It holds no thread while there is nothing to do. */
final class WaitingLine {

    /** Ends with the task that was the last to come. */
    private final AtomicReference<Mono<Void>> last = new AtomicReference<>(Mono.empty());

    <T> Mono<T> run(Callable<? extends @Nullable T> task) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> done = Sinks.empty();
            Mono<Void> before = last.getAndSet(done.asMono());
            return before.then(Mono.<T>fromCallable(task).subscribeOn(Schedulers.boundedElastic()))
                    .doOnTerminate(done::tryEmitEmpty)
                    // Shields the task from cancel: whoever leaves must not let the next one in while it still runs,
                    // nor
                    // interrupt it, which would close its file.
                    .cache();
        });
    }
}
