package dev.headrace.state;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * How far one subscription has come, and the one save that may be running.
 *
 * <p>Elements, the clock and the end of the stream all want saves, from threads of their own. There is one place for a running save;
 * who finds it taken waits for it and looks again. A save takes the latest position when it begins, so positions never go back. It is
 * shared and shielded from cancel by {@code cache()}: the clock stops and the reader leaves in the middle of saves, and the last save
 * must find that save still in its place. A save that failed stays in the place for ever, so whoever wants another one gets its failure.
 *
 * <p>Where the policy wants saves by count to keep a distance, an element is due when that has passed and no save is running.
 */
final class Progress {

    private final StateStore store;
    private final String key;
    private final CommitPolicy policy;
    private final Writer writer;

    private final AtomicReference<@Nullable Positioned> unsaved = new AtomicReference<>();
    private final AtomicReference<@Nullable Mono<Void>> running = new AtomicReference<>();
    private final AtomicLong handled = new AtomicLong();
    private volatile long begun;
    private volatile long notByCountBefore = now();
    private volatile @Nullable JsonNode lastBegun;
    private volatile @Nullable Throwable clockFailure;

    private Progress(StateStore store, String key, CommitPolicy policy, Writer writer) {
        this.store = store;
        this.key = key;
        this.policy = policy;
        this.writer = writer;
    }

    static <T extends Positioned> Flux<T> committing(
            Flux<T> elements, StateStore store, String key, CommitPolicy policy) {
        return Writer.having(store, key, writer -> committing(elements, new Progress(store, key, policy, writer)));
    }

    private static <T extends Positioned> Flux<T> committing(Flux<T> elements, Progress one) {
        return Flux.usingWhen(
                Mono.just(one),
                progress -> elements.<T>concatMap(progress::handle, 0)
                        .takeUntilOther(progress.clock())
                        // Not when the resource is closed: there a failure would be wrapped.
                        .concatWith(progress.end().then(Mono.empty())),
                progress -> progress.left(Mono.empty()),
                (progress, error) -> progress.left(progress.saveAllAfter(error)),
                progress -> progress.left(progress.saveAll()));
    }

    /** The end of this subscription, with a last save. Who comes next may begin behind it. */
    private Mono<Void> left(Mono<Void> lastSave) {
        return Mono.defer(() -> {
                    writer.leaving();
                    return lastSave;
                })
                .doFinally(signal -> writer.leave());
    }

    private <T extends Positioned> Mono<T> handle(T element) {
        if (!element.hasPosition()) {
            return Mono.just(element);
        }
        unsaved.set(element);
        return handled.incrementAndGet() < policy.elements() || isTooSoon()
                ? Mono.just(element)
                : saveAll().thenReturn(element);
    }

    private boolean isTooSoon() {
        // In this order: a save says when the next may begin, and leaves its place then.
        return policy.keepsDistance() && (running.get() != null || now() - notByCountBefore < 0);
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    /**
     * Saves from time to time, and completes when that fails. It does not fail itself, since {@code takeUntilOther} would not cancel the
     * elements then.
     */
    private Flux<Void> clock() {
        return policy.after()
                .map(after -> Mono.delay(after)
                        .then(saveAll())
                        .repeat()
                        .doOnError(failure -> clockFailure = failure)
                        .onErrorComplete())
                .orElseGet(Flux::never);
    }

    private Mono<Void> end() {
        return Mono.defer(() -> {
            Throwable failure = clockFailure;
            return failure == null ? saveAll() : Mono.error(failure);
        });
    }

    private Mono<Void> saveAllAfter(Throwable error) {
        return saveAll().onErrorResume(failure -> {
            if (failure != error) {
                Exceptions.addSuppressed(error, failure);
            }
            return Mono.empty();
        });
    }

    /** Completes when all that was handled before is saved. */
    private Mono<Void> saveAll() {
        return Mono.defer(() -> {
            // Looked at in this order: a save takes its place first and the position then, so one of the two is seen.
            boolean nothingNew = unsaved.get() == null;
            Mono<Void> other = running.get();
            if (other != null) {
                return other.then(saveAll());
            }
            if (nothingNew) {
                return Mono.empty();
            }
            Mono<Void> mine =
                    Mono.defer(this::saveLatest).doOnSuccess(ignored -> saved()).cache();
            return running.compareAndSet(null, mine) ? mine : saveAll();
        });
    }

    private void saved() {
        long now = now();
        notByCountBefore = now + policy.distanceAfter(now - begun);
        running.set(null);
    }

    private Mono<Void> saveLatest() {
        begun = now();
        // First the count: an element that comes in between is counted too much rather than too little.
        handled.set(0);
        Positioned latest = unsaved.getAndSet(null);
        JsonNode position = latest == null ? null : latest.position().orElse(null);
        if (position == null || position.equals(lastBegun)) {
            return Mono.empty();
        }
        lastBegun = position;
        return store.save(key, position);
    }
}
