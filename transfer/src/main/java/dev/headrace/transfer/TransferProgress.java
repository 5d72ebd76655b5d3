package dev.headrace.transfer;

import java.util.OptionalDouble;

/**
 * How far a transfer is.
 *
 * @param phase what it is doing
 * @param bytesDone bytes on disk, those of earlier runs included; falls back to 0 when the transfer must start over
 * @param totalBytes length of the whole, or -1 while it is unknown
 * @param resumedFrom bytes taken over from an earlier run; 0 for none
 * @param restarts how often bytes on disk were thrown away because the remote has something else now
 * @param requests requests sent so far
 */
public record TransferProgress(
        Phase phase, long bytesDone, long totalBytes, long resumedFrom, int restarts, int requests) {

    /** The steps of a transfer. */
    public enum Phase {
        /** Looking at what is on disk, sending a request, or waiting before the next one. */
        CONNECTING,
        /** Bytes are coming in. */
        TRANSFERRING,
        /** All bytes are there: checking the digest, forcing them to the device, renaming. */
        VERIFYING,
        /** Finished; the last element. */
        DONE
    }

    /**
     * Whether this is the last element.
     *
     * @return true once the file is complete under its name
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
