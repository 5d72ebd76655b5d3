package dev.headrace.transfer;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How far a transfer is.
 *
 * @param phase what it is doing
 * @param bytesDone bytes that are where they belong, those of earlier runs included: on disk for a download, handed to
 *     the connection for an {@linkplain Upload upload}, emitted for a stream; falls back to 0 when the transfer must start over
 * @param totalBytes length of the whole, or -1 while it is unknown
 * @param bytesPerSecond how fast it went over the last seconds; 0 while nothing moves
 * @param resumedFrom bytes taken over from an earlier run; 0 for none
 * @param restarts how often bytes were thrown away because the other side has something else now
 * @param requests requests sent so far
 * @param trouble what made the transfer send another request, or start over, the last time; null while nothing has
 */
public record TransferProgress(
        Phase phase,
        long bytesDone,
        long totalBytes,
        long bytesPerSecond,
        long resumedFrom,
        int restarts,
        int requests,
        @Nullable String trouble) {

    /** The steps of a transfer. */
    public enum Phase {
        /** Looking at what is there, sending a request, or waiting before the next one. */
        CONNECTING,
        /** Bytes are moving. */
        TRANSFERRING,
        /** All bytes are there: checking the digest, forcing them to the device, renaming. */
        VERIFYING,
        /** Finished; the last element. */
        DONE
    }

    /**
     * Whether this is the last element.
     *
     * @return true once the transfer is complete
     */
    public boolean done() {
        return phase == Phase.DONE;
    }

    /**
     * Share of the bytes that are done.
     *
     * @return 0 to 100; empty while the total is unknown
     */
    public OptionalDouble percent() {
        if (totalBytes < 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(totalBytes == 0 ? 100 : Math.min(100, 100.0 * bytesDone / totalBytes));
    }
}
