package dev.headrace.state;

import dev.headrace.error.FailureKind;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The right to save one key of one store. There is one at a time, for two streams that took turns in saving their positions under one key
 * would each go on from the other's.
 */
final class Writer {

    // A writer stands here while it may save, and so does its store, which it needs anyway.
    private static final IdentityHashMap<StateStore, Map<String, Writer>> ALL = new IdentityHashMap<>();

    private final StateStore store;
    private final String key;
    private final Sinks.Empty<Void> gone = Sinks.empty();
    private boolean leaving;

    private Writer(StateStore store, String key) {
        this.store = store;
        this.key = key;
    }

    /**
     * Reads something while having the right to save. Errors if somebody else has it, and waits for somebody who is at the last save.
     *
     * @param read must call {@link #leave()} at the end of what it gives, however that ends
     */
    static <T> Flux<T> having(StateStore store, String key, Function<Writer, Flux<T>> read) {
        return Flux.defer(() -> {
            Writer writer = new Writer(store, key);
            Writer other = writer.orOther();
            if (other == null) {
                return read.apply(writer);
            }
            return other.isLeaving()
                    ? other.gone.asMono().thenMany(having(store, key, read))
                    : Flux.error(other.inUse());
        });
    }

    /** Takes the right, or says who has it. */
    private @Nullable Writer orOther() {
        synchronized (ALL) {
            return ALL.computeIfAbsent(store, any -> new HashMap<>()).putIfAbsent(key, this);
        }
    }

    private boolean isLeaving() {
        synchronized (ALL) {
            return leaving;
        }
    }

    private StateStoreException inUse() {
        return new StateStoreException(
                FailureKind.CONFIGURATION,
                "Positions are being saved under the key '" + key
                        + "' of this store by another subscription that has not ended; give each stream a key of its own, or"
                        + " subscribe again when the other one has ended",
                null);
    }

    /** Will save once more at most. */
    void leaving() {
        synchronized (ALL) {
            leaving = true;
        }
    }

    /** Will save nothing any more. */
    void leave() {
        synchronized (ALL) {
            Map<String, Writer> ofStore = ALL.get(store);
            if (ofStore != null && ofStore.remove(key, this) && ofStore.isEmpty()) {
                ALL.remove(store);
            }
            leaving = true;
        }
        gone.tryEmitEmpty();
    }
}
