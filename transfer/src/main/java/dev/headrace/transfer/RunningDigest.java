package dev.headrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a file while it is written: it takes the bytes as they come, as long as they come in order, and reads again what came
 * otherwise. Used by one thread at a time.
 */
final class RunningDigest {

    private static final int BLOCK = 256 * 1024;

    private final Digest expected;
    private @Nullable DigestState state;
    private long hashed;

    RunningDigest(Digest expected) {
        this.expected = expected;
    }

    Digest expected() {
        return expected;
    }

    /** These bytes, marked by position and limit, have been written from a place on. */
    void wrote(long from, ByteBuffer[] buffers, int first, int count) {
        if (from != hashed) {
            return;
        }
        for (int i = first; i < count; i++) {
            hashed += buffers[i].remaining();
            state().update(buffers[i].duplicate());
        }
    }

    /**
     * Reads what lies before a place and was not taken yet.
     *
     * @param checkpoint called before each block; may throw to stop
     */
    void catchUp(FileChannel file, long to, Runnable checkpoint) throws IOException {
        if (hashed >= to) {
            return;
        }
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (hashed < to) {
            checkpoint.run();
            block.clear().limit((int) Math.min(BLOCK, to - hashed));
            Extent.readFully(file, block, hashed);
            hashed += block.position();
            state().update(block.flip());
        }
    }

    /** The digest of all that was taken; it begins anew then. */
    Digest finish() {
        Digest actual = state().finish();
        reset();
        return actual;
    }

    void reset() {
        state = null;
        hashed = 0;
    }

    private DigestState state() {
        DigestState running = state;
        if (running == null) {
            running = expected.newState();
            state = running;
        }
        return running;
    }
}
