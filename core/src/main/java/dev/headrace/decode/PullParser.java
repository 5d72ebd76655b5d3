package dev.headrace.decode;

import org.jspecify.annotations.Nullable;

/**
 * A parser that is asked for its next item: it never runs ahead of demand and holds no queue.
 *
 * <p>One instance parses one stream. Its methods are never called at the same time, but may be called by different threads one
 * after the other. What it throws ends the stream as {@code onError}.
 *
 * @param <T> the type of the items
 */
public interface PullParser<T> {

    /**
     * The next item of the bytes that have come so far.
     *
     * <p>Bytes that are used up are given back by {@link ByteWindow#startAt}; the window holds the rest, and later bytes follow
     * behind them. Between two calls the window may move its bytes to another array: what a parser remembers must be counted
     * from {@link ByteWindow#start()}.
     *
     * @param bytes the bytes not yet used up
     * @return an item, or null when it takes more bytes to make one
     */
    @Nullable
    T next(ByteWindow bytes);

    /**
     * What is left when the stream has ended, asked until it is null. Formats that must be closed, such as a JSON array, throw here
     * if they are not.
     *
     * @param bytes the bytes not yet used up; there will be no more
     * @return a last item, or null at the end
     */
    default @Nullable T end(ByteWindow bytes) {
        return null;
    }
}
