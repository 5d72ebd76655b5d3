package dev.headrace.stream;

import org.jspecify.annotations.Nullable;

/**
 * A part of a slice that is read by a series of pages of its own: the whole of it, one time window, or what is left of it. Compared by
 * identity.
 */
final class SlicePart {

    private final SliceReading slice;
    private final @Nullable Position from;
    private final @Nullable Position to;
    private final SliceProgress.@Nullable Part resumed;

    private SlicePart(
            SliceReading slice, @Nullable Position from, @Nullable Position to, SliceProgress.@Nullable Part resumed) {
        this.slice = slice;
        this.from = from;
        this.to = to;
        this.resumed = resumed;
    }

    static SlicePart of(SliceReading slice, @Nullable Position from, @Nullable Position to) {
        return new SlicePart(slice, from, to, null);
    }

    /** A part that an earlier run has begun. */
    static SlicePart resuming(SliceReading slice, SliceProgress.Part part) {
        return new SlicePart(slice, part.from(), part.to(), part);
    }

    SliceReading slice() {
        return slice;
    }

    @Nullable
    Position from() {
        return from;
    }

    @Nullable
    Position to() {
        return to;
    }

    SliceProgress.@Nullable Part resumed() {
        return resumed;
    }
}
