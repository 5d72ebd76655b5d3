package dev.headrace.state;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A store of numbers that says what was saved in which order, takes as long as a test wants, and notices when saves overlap. */
final class RecordingStore implements StateStore {

    private final IntFunction<Mono<Void>> work;
    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final List<Integer> saved = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean overlapped;
    private volatile boolean cancelled;

    /**
     * Creates a store.
     *
     * @param work what is to happen when a number is saved
     */
    RecordingStore(IntFunction<Mono<Void>> work) {
        this.work = work;
    }

    RecordingStore() {
        this(number -> Mono.empty());
    }

    @Override
    public Mono<Void> save(String key, JsonNode state) {
        int number = state.intValue();
        return Mono.defer(() -> {
                    overlapped |= running.getAndIncrement() > 0;
                    begun.add(number);
                    return work.apply(number);
                })
                .doOnSuccess(ignored -> saved.add(number))
                .doOnTerminate(running::decrementAndGet)
                .doOnCancel(() -> cancelled = true);
    }

    @Override
    public Mono<JsonNode> load(String key) {
        return Mono.error(new AssertionError("Nobody loads here"));
    }

    @Override
    public Mono<Void> delete(String key) {
        return Mono.error(new AssertionError("Nobody deletes here"));
    }

    /** Numbers in the order in which their saves began. */
    List<Integer> begun() {
        return begun;
    }

    /** Numbers in the order in which their saves ended. */
    List<Integer> saved() {
        return saved;
    }

    boolean isIdle() {
        return running.get() == 0;
    }

    /** Whether two saves ever ran at once, or one was cancelled. */
    boolean isDisturbed() {
        return overlapped || cancelled;
    }
}
