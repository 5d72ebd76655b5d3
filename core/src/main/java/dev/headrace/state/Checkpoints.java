package dev.headrace.state;

import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/**
 * Saves how far a stream has been handled. Put it last:
 *
 * <pre>{@code
 * events.concatMap(event -> handle(event).thenReturn(event), 1)
 *         .transform(Checkpoints.committing(store, "recentchange"))
 * }</pre>
 *
 * <p>An element that arrives here counts as handled. What an operator further up still holds (the queue of a {@code publishOn}, say) does
 * not, so it is never lost: after a crash a stream that goes on from the saved position repeats some elements and leaves out none. The
 * elements must arrive in the order of the stream, so put no {@code flatMap} above.
 */
public final class Checkpoints {

    private Checkpoints() {}

    /**
     * Saves progress by {@link CommitPolicy#defaults()}: every 100 elements or after a second, with saves by count in no
     * more than a tenth of the time, and at the end.
     *
     * @param store where positions are saved
     * @param key the key they are saved under; one subscription at a time may use it
     * @param <T> the type of the elements
     * @return as {@link #committing(StateStore, String, CommitPolicy)}
     */
    public static <T extends Positioned> Function<Flux<T>, Flux<T>> committing(StateStore store, String key) {
        return committing(store, key, CommitPolicy.defaults());
    }

    /**
     * Saves the position of the last element that arrived, when the policy says so, and always at the end.
     *
     * <p>An element that is due for a save is passed on when its position has been saved, on the store's thread; all others are passed
     * on at once, and so are those that are due too soon for a policy {@link CommitPolicy#withinShare(double) within a share} of the
     * time. Saves by time run beside the stream. Of one subscription's saves each begins when the one before has ended, and none
     * goes back. Nothing is saved when there is no new position.
     *
     * <p>On completion and on error the signal waits until what was handled is saved. On cancel that is saved in the background; a
     * failure of it is logged by Reactor. A save that has begun is never cancelled.
     *
     * <p>If a save fails, the stream fails with what the store signals, by count at once and by time without another element; nothing
     * is saved after that. If the last save after an error fails, its failure is attached to the error as suppressed.
     *
     * <p>Two streams that saved under one key would go on from each other's positions. So a subscription errors with a
     * {@link StateStoreException} of kind {@link dev.headrace.error.FailureKind#CONFIGURATION}, before it asks for an element, while another
     * one of this process saves under the same key of the same store; of one that was cancelled it awaits the last save. Two stores with
     * the same files, and other processes, are not known here.
     *
     * <p>Demand: elements are requested one by one, each when the one before has been passed on, so at most one more than was asked for.
     *
     * @param store where positions are saved
     * @param key the key they are saved under; one subscription at a time may use it
     * @param policy how often
     * @param <T> the type of the elements
     * @return for {@link Flux#transform(Function)}; each subscription counts for itself
     * @throws IllegalArgumentException if the key is empty
     */
    public static <T extends Positioned> Function<Flux<T>, Flux<T>> committing(
            StateStore store, String key, CommitPolicy policy) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(policy, "policy");
        StateFileName.checked(key);
        return elements -> Progress.committing(elements, store, key, policy);
    }
}
