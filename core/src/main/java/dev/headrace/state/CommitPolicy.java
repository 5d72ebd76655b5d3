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

    private static final CommitPolicy DEFAULTS =
            every(Defaults.COMMIT_ELEMENTS).orAfter(Defaults.COMMIT_AFTER).withinShare(Defaults.COMMIT_SHARE);

    private final int elements;
    private final Duration after;
    private final double share;

    private CommitPolicy(int elements, Duration after, double share) {
        this.elements = elements;
        this.after = after;
        this.share = share;
    }

    /**
     * Every 100 elements or after a second, whichever comes first, while saves by count take no more than a tenth of the time. After a
     * crash no more is handled again than 100 elements or, where saves are slow, what came in nine times the time of one, with the second
     * as limit of that; and what came while a save by time was running.
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
     * are handled again after a crash, unless the policy is {@link #withinShare(double) within a share} of the time.
     *
     * @param elements at least 1; elements without a position do not count
     * @return a policy without a limit of time
     */
    public static CommitPolicy every(int elements) {
        if (elements < 1) {
            throw new IllegalArgumentException("elements must be at least 1, but is " + elements);
        }
        return new CommitPolicy(elements, Duration.ZERO, 1);
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
        return new CommitPolicy(elements, after, share);
    }

    /**
     * Lets saves by count take no more than about such a share of the time, whatever they cost: after a save, the next one by count does
     * not begin before the stream has run on for so much longer than the save has taken, its document included. A tenth is nine times as
     * long. Elements are passed on at once meanwhile, and while a save by time runs; the first that comes then is due.
     *
     * <p>For positions that grow with what is read, such as the state of a stream with many slices: a save every so many elements would cost
     * more and more for each. In return, more than {@link #elements()} may be handled again after a crash. The limit of time holds as it is,
     * and so does the save at the end; without a limit of time, what was handled last waits for the next element or for the end.
     *
     * @param share above 0 and at most 1; 1, which {@link #every(int)} has, for no such limit
     * @return a new policy
     */
    public CommitPolicy withinShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be above 0 and at most 1, but is " + share);
        }
        return new CommitPolicy(elements, after, share);
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

    /**
     * Share of the time that saves by count may take.
     *
     * @return default 0.1; 1 for no limit
     */
    public double share() {
        return share;
    }

    boolean keepsDistance() {
        return share < 1;
    }

    /** How long no save by count begins after one that took so long, both in nanoseconds. */
    long distanceAfter(long duration) {
        return (long) Math.min(duration * (1 / share - 1), Long.MAX_VALUE / 2.0);
    }

    @Override
    public String toString() {
        return "CommitPolicy[every " + elements + (after.isZero() ? "" : ", or after " + after)
                + (keepsDistance() ? ", within a share of " + share : "") + "]";
    }
}
