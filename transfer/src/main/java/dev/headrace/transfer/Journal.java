package dev.headrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A journal: two slots written in turn, so that one whole entry survives whatever tears the other. Each run signs what it writes. Used by
 * one thread at a time.
 *
 * @param <E> the entries
 */
final class Journal<E> {

    private final SlotFormat<E> format;
    private FileChannel file;
    // One for all entries: many are written, and a slot is large.
    private final ByteBuffer written;
    private final long owner = ThreadLocalRandom.current().nextLong();
    private boolean owned;
    private long sequence;

    Journal(SlotFormat<E> format, FileChannel file) {
        this.format = format;
        this.file = file;
        this.written = format.newSlot();
    }

    /** The latest whole entry; null if there is none, or if a later version of this library has written here. */
    @Nullable
    E read() throws IOException {
        SlotFormat.Numbered<E> latest = null;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = readSlot(slot);
            if (format.isOfLaterVersion(bytes)) {
                return null;
            }
            SlotFormat.Numbered<E> found = format.fromSlot(bytes);
            if (found != null && (latest == null || found.sequence() > latest.sequence())) {
                latest = found;
            }
        }
        if (latest == null) {
            return null;
        }
        sequence = latest.sequence();
        return latest.entry();
    }

    /**
     * Writes the next entry. The bytes it speaks of must have been written before.
     *
     * @return false, with nothing written, if another run has written here since: where locks do not work, as on some network file
     *     systems, the one that comes later wins
     */
    boolean write(E entry) throws IOException {
        if (!isOurs()) {
            return false;
        }
        ByteBuffer slot = format.fill(written, entry, ++sequence, owner);
        long position = (sequence & 1) * format.size();
        while (slot.hasRemaining()) {
            position += file.write(slot, position);
        }
        return true;
    }

    /** Begins anew: both slots speak of the new content and of this owner, so that no accident can bring the old ones back. */
    boolean restart(E entry) throws IOException {
        boolean first = write(entry);
        owned = first && write(entry);
        return owned;
    }

    /** Goes on by another channel of the same file. */
    void reopened(FileChannel channel) {
        file = channel;
    }

    void force() throws IOException {
        file.force(false);
    }

    /** Whether nobody else has written here since this run has; true before it has. */
    boolean isOurs() throws IOException {
        return !owned || isStillOurs();
    }

    private boolean isStillOurs() throws IOException {
        ByteBuffer said = ByteBuffer.allocate(2 * Long.BYTES);
        for (int slot = 0; slot < 2; slot++) {
            said.limit((slot + 1) * Long.BYTES);
            Extent.readFully(file, said, (long) slot * format.size() + SlotFormat.OWNER_AT);
        }
        return said.getLong(0) == owner && said.getLong(Long.BYTES) == owner;
    }

    private ByteBuffer readSlot(int slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(format.size());
        long start = (long) slot * format.size();
        while (bytes.hasRemaining() && file.read(bytes, start + bytes.position()) >= 0) {
            // Until the slot is full or the file ends.
        }
        return bytes.flip();
    }
}
