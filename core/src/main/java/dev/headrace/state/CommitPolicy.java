package dev.headrace.state;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How often progress is saved while a stream runs; at its end it always is. A value: every change gives a new one.
 *
 * <p>What is not saved yet is handled again after a crash, so this chooses between few repetitions and few saves.
 */
public final class CommitPolicy {

    private static final CommitPolicy DEFAULTS = every(Defaults.COMMIT_ELEMENTS).orAfter(Defaults.COMMIT_AFTER);

    private final int elements;
    private final Duration after;

    private CommitPolicy(int elements, Duration after) {
        this.elements = elements;
        this.after = after;
    }

    /**
     * Every 100 elements or after a second, whichever comes first.
     *
     * @return the policy of whoever names none
     */
    public static CommitPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Saves with each element: nothing that was passed on is handled again, and the stream is as slow as the store.
     *
     * @return a policy
     */
    public static CommitPolicy eachElement() {
        return every(1);
    }

    /**
     * Saves when so many elements have been handled since the last save began. The stream waits for such a save, so no more than these
     * are handled again after a crash.
     *
     * @param elements at least 1; elements without a position do not count
     * @return a policy without a limit of time
     */
    public static CommitPolicy every(int elements) {
        if (elements < 1) {
            throw new IllegalArgumentException("elements must be at least 1, but is " + elements);
        }
        return new CommitPolicy(elements, Duration.ZERO);
    }

    /**
     * Saves also when what was handled has waited for so long, whether or not more elements come. The stream runs on meanwhile.
     *
     * @param after the longest wait before a save begins, if none is running; resolution 1 ms; none by {@link #every(int)}
     * @return a new policy
     */
    public CommitPolicy orAfter(Duration after) {
        if (Objects.requireNonNull(after, "after").compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("after must be at least 1 ms, but is " + after);
        }
        return new CommitPolicy(elements, after);
    }

    /**
     * Elements after which progress is saved.
     *
     * @return at least 1; default 100
     */
    public int elements() {
        return elements;
    }

    /**
     * Time after which progress is saved.
     *
     * @return default 1 s; empty for no such limit
     */
    public Optional<Duration> after() {
        return after.isZero() ? Optional.empty() : Optional.of(after);
    }

    @Override
    public String toString() {
        return "CommitPolicy[every " + elements + (after.isZero() ? "" : ", or after " + after) + "]";
    }
}
