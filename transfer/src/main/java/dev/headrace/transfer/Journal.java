package dev.headrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a part file: two slots of 4 KiB written in turn, so that one whole entry survives whatever tears the other. Used by
 * one disk worker.
 */
final class Journal {

    private final FileChannel file;
    private long sequence;

    Journal(FileChannel file) {
        this.file = file;
    }

    /** The latest whole entry; null if there is none, or if a later version of this library has written here. */
    @Nullable
    JournalEntry read() throws IOException {
        JournalEntry.Numbered latest = null;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = readSlot(slot);
            if (JournalEntry.isOfLaterVersion(bytes)) {
                return null;
            }
            JournalEntry.Numbered found = JournalEntry.fromSlot(bytes);
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

    /** Writes the next entry. The bytes it speaks of must have been written before. */
    void write(JournalEntry entry) throws IOException {
        ByteBuffer slot = entry.toSlot(++sequence);
        long position = (sequence & 1) * JournalEntry.SLOT_SIZE;
        while (slot.hasRemaining()) {
            position += file.write(slot, position);
        }
    }

    /** Begins anew: both slots speak of the new content, so that no accident can bring the old one back. */
    void restart(JournalEntry entry) throws IOException {
        write(entry);
        write(entry);
    }

    private ByteBuffer readSlot(int slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(JournalEntry.SLOT_SIZE);
        long start = (long) slot * JournalEntry.SLOT_SIZE;
        while (bytes.hasRemaining() && file.read(bytes, start + bytes.position()) >= 0) {
            // Until the slot is full or the file ends.
        }
        return bytes.flip();
    }
}
