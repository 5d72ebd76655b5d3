package dev.headrace.stream;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * The wall behind which a remote shows no more records of one query, 10,000 with many searches. A value: every change gives a new one.
 *
 * <p>The API must count the beginning of a part as part of it. Where a slice meets it, it is read in parts: with an {@linkplain DatetimeCursor#ascending() ascending} cursor the next part begins at the
 * last record; with another, the part is halved and read again. Records that come again by it are left out if the stream has a key and they
 * are byte for byte the same. A part that cannot be made smaller is an error, for records would be missing.
 */
public final class ResultWindow {

    private final long items;
    private final Set<Integer> statuses;

    private ResultWindow(long items, Set<Integer> statuses) {
        this.items = items;
        this.statuses = statuses;
    }

    /**
     * A wall behind so many records.
     *
     * @param items as many as the remote shows; a part that has so many, and a next page, is not read further
     * @return the wall
     * @throws IllegalArgumentException if that is less than 1
     */
    public static ResultWindow of(long items) {
        if (items < 1) {
            throw new IllegalArgumentException("items must be at least 1, but is " + items);
        }
        return new ResultWindow(items, Set.of());
    }

    /**
     * Also takes a page that is answered with one of these statuses, and is not the first, for the wall.
     *
     * @param statuses default none; usual are 400 and 422
     * @return a new value
     */
    public ResultWindow statuses(Integer... statuses) {
        return new ResultWindow(items, new TreeSet<>(Arrays.asList(statuses)));
    }

    boolean isReachedBy(long itemsSoFar) {
        return itemsSoFar >= items;
    }

    boolean isMeantBy(int status) {
        return statuses.contains(status);
    }

    @Override
    public String toString() {
        return "ResultWindow[" + items + (statuses.isEmpty() ? "" : ", or status " + statuses) + "]";
    }
}
