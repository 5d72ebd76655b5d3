package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The CRC32C of everything that was ever read for sending, from the first byte on; used on one disk worker.
 *
 * <p>It only grows. Bytes that are read again do not change it, so that a broken request costs no second look at what went before it.
 */
final class SentPrefix {

    /** Bytes between two checkpoints; at most so many, and one block, can have been sent beyond the last one. */
    static final long STEP = 8L << 20;

    /** CRC32C of the first bytes. */
    record Proof(long bytes, int crc) {
        static final Proof NOTHING = new Proof(0, 0);
    }

    private final CRC32C crc = new CRC32C();
    private long bytes;
    private Proof noted = Proof.NOTHING;

    /** All that has been read. */
    Proof now() {
        return new Proof(bytes, (int) crc.getValue());
    }

    /** The last checkpoint. */
    Proof noted() {
        return noted;
    }

    /** Makes all that has been read the last checkpoint. */
    Proof note() {
        noted = now();
        return noted;
    }

    /** Whether a checkpoint is due before anything more is sent. */
    boolean isDue() {
        return bytes - noted.bytes() >= STEP;
    }

    /** Takes in a block that begins at most where the bytes before it end. */
    void add(long position, ByteBuffer block) {
        long known = bytes - position;
        if (known < 0) {
            throw new IllegalArgumentException("a gap between " + bytes + " and " + position);
        }
        if (known < block.remaining()) {
            ByteBuffer fresh = block.duplicate().position(block.position() + (int) known);
            bytes += fresh.remaining();
            crc.update(fresh);
        }
    }
}
