package dev.headrace.transfer;

import java.time.Duration;

/**
 * The least that a remote must send: so many bytes in any stretch of time so long, or the transfer is too slow to go on.
 *
 * <p>The clock runs only while bytes are asked for, so neither a slow disk nor a slow reader of ours is ever taken for a slow remote. Below
 * it the connection is given up with a {@link TransferTooSlowException}; a download then goes on over a new one.
 *
 * @param bytes bytes that must come, at least 1
 * @param over within which time, from 1 ms to 24 days
 */
public record MinimumSpeed(long bytes, Duration over) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(24);

    /**
     * Checks both.
     *
     * @param bytes bytes that must come
     * @param over within which time
     * @throws IllegalArgumentException if one is out of bounds
     */
    public MinimumSpeed {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes must be at least 1, but is " + bytes);
        }
        if (over.compareTo(SHORTEST) < 0 || over.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("over must be from 1 ms to 24 days, but is " + over);
        }
    }

    /**
     * So many bytes in such a time.
     *
     * @param bytes bytes that must come, at least 1
     * @param over within which time, from 1 ms to 24 days
     * @return the least speed
     * @throws IllegalArgumentException if one is out of bounds
     */
    public static MinimumSpeed of(long bytes, Duration over) {
        return new MinimumSpeed(bytes, over);
    }

    @Override
    public String toString() {
        return bytes + " bytes in " + time();
    }

    String time() {
        return over.toMillis() % 1000 == 0 ? over.toSeconds() + " s" : over.toMillis() + " ms";
    }
}
