package dev.headrace.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one slice has been read, as it stands in a state. Immutable.
 *
 * @param slice the slice
 * @param cursor the position that the last whole reading of it came to; null if there was none, or the stream has no cursor
 * @param reading a reading that has begun and not ended; null if there is none
 * @param done whether it has been read in a run that has not ended
 * @param recent fingerprints of the last records, which the next reading will meet again
 * @param mark of the record of an incremental parent that it is read for, while that has not ended; null if it was none
 */
record SliceProgress(
        Slice slice,
        @Nullable Position cursor,
        @Nullable Reading reading,
        boolean done,
        List<Long> recent,
        @Nullable Long mark) {

    /**
     * A reading that has not ended. The slice is read in parts, one where it has no windows; what is in no part and behind the edge has not
     * begun.
     *
     * @param edge up to where all has been read; null for the beginning
     * @param until where the reading ends; null for the end of all
     * @param begun when the reading began, for a cursor of times; otherwise null
     * @param high the last position that a record of a part that is done had
     * @param parts those that have begun and those that are done and do not touch the edge
     */
    record Reading(
            @Nullable Position edge,
            @Nullable Position until,
            @Nullable Position begun,
            @Nullable Position high,
            List<Part> parts) {}

    /**
     * A part of a slice.
     *
     * @param from its beginning; null for that of all
     * @param to its end; null for that of all
     * @param done whether it has been read
     * @param page the token of its next page; null for the first
     * @param after the key that its requests seek after, as JSON text; null for none
     * @param last the key of its last record, as JSON text, where it could be sought after
     * @param high the last position that its records had
     */
    record Part(
            @Nullable Position from,
            @Nullable Position to,
            boolean done,
            @Nullable String page,
            @Nullable String after,
            @Nullable String last,
            @Nullable Position high) {}

    static SliceProgress fresh(Slice slice) {
        return new SliceProgress(slice, null, null, false, List.of(), null);
    }

    /** With a position for all slices, where it has none of its own. */
    SliceProgress orFrom(@Nullable Position common) {
        return cursor != null || common == null ? this : new SliceProgress(slice, common, reading, done, recent, mark);
    }

    SliceProgress reading(Reading reading) {
        return new SliceProgress(slice, cursor, reading, false, recent, mark);
    }

    SliceProgress withoutReading() {
        return new SliceProgress(slice, cursor, null, done, recent, mark);
    }

    SliceProgress marked(@Nullable Long mark) {
        return new SliceProgress(slice, cursor, reading, done, recent, mark);
    }

    SliceProgress finished(@Nullable Position cursor, List<Long> recent) {
        return new SliceProgress(slice, cursor, null, true, recent, mark);
    }

    /** As the next run finds it. */
    SliceProgress atRest() {
        return new SliceProgress(slice, cursor, reading, false, recent, reading == null ? null : mark);
    }

    boolean isWorthKeeping() {
        return cursor != null || reading != null || done;
    }
}
