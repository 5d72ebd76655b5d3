package dev.headrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the part file that is filled from its beginning to its end. It has a channel of its own, for Java writes many buffers at
 * once only where a channel stands.
 *
 * <p>All methods block and are called by the disk worker of whoever fills the extent, one at a time; {@link #position()} and
 * {@link #end()} by anyone.
 */
final class Extent {

    private static final int SCRATCH_SIZE = 256 * 1024;

    private final PartFile file;
    private final long start;
    private volatile long end;
    private volatile long position;

    private @Nullable FileChannel channel;
    private byte @Nullable [] scratch;
    private long cursor;
    private long promised;

    private final @Nullable CRC32C checksum;
    private final int checksumBefore;
    private final long checksummedFrom;

    /**
     * Makes an extent.
     *
     * @param end the byte after its last, or -1 while that is unknown
     * @param checksumBefore CRC-32C of its bytes up to the position; null if none is kept
     */
    Extent(PartFile file, long start, long position, long end, @Nullable Integer checksumBefore) {
        this.file = file;
        this.start = start;
        this.position = position;
        this.end = end;
        this.checksum = checksumBefore == null ? null : new CRC32C();
        this.checksumBefore = checksumBefore == null ? 0 : checksumBefore;
        this.checksummedFrom = position;
    }

    long start() {
        return start;
    }

    /** Place of the next byte; those before it, from the start, are on disk. */
    long position() {
        return position;
    }

    /** The byte after the last, or -1. */
    long end() {
        return end;
    }

    void endsAt(long end) {
        this.end = end;
    }

    boolean isFull() {
        return end >= 0 && position >= end;
    }

    /** How it is written down. The position is read first: what is claimed has been written. */
    JournalEntry.Stretch stretch() {
        CRC32C running = checksum;
        if (running == null) {
            return new JournalEntry.Stretch(start, position, end, null);
        }
        synchronized (running) {
            return new JournalEntry.Stretch(start, position, end, combined(running));
        }
    }

    private int combined(CRC32C running) {
        return Crc32c.combine(checksumBefore, (int) running.getValue(), position - checksummedFrom);
    }

    /** Whether what came has reached what is on disk; a body that ends before says nothing about the rest. */
    boolean isCaughtUp() {
        return cursor >= position;
    }

    /** Whether the body under way has more bytes than have come. */
    boolean isPromisedMore() {
        return promised > 0;
    }

    /**
     * Says which bytes come next.
     *
     * @param from place of the first in the whole; those before {@link #position()} are compared with what is on disk
     * @param length how many were promised, or -1
     */
    void expect(long from, long length) {
        cursor = from;
        promised = length < 0 ? Long.MAX_VALUE : length;
    }

    /**
     * Writes the next bytes, in one call where the system can. What goes beyond the end of the extent is left.
     *
     * @throws ContentChangedException if bytes that came again differ from those on disk
     * @throws ContentRangeException if more came than was promised
     */
    void append(ByteBuffer[] buffers, int count) {
        file.checkOpen();
        long bytes = remaining(buffers, 0, count);
        if (bytes > promised) {
            throw new ContentRangeException(file.description(), "more bytes came than were promised");
        }
        promised -= bytes;
        try {
            int first = 0;
            while (first < count && cursor < position) {
                compareWithDisk(buffers[first]);
                first += buffers[first].hasRemaining() ? 0 : 1;
            }
            write(buffers, first, upToTheEnd(buffers, first, count));
            file.wrote();
        } catch (IOException e) {
            throw new DiskException("write", file.part(), e);
        }
    }

    /** How many of the buffers count; the last one is cut where the extent ends. */
    private int upToTheEnd(ByteBuffer[] buffers, int first, int count) {
        if (end < 0) {
            return count;
        }
        long room = end - position;
        for (int i = first; i < count; i++) {
            if (buffers[i].remaining() > room) {
                buffers[i].limit(buffers[i].position() + (int) room);
                return i + 1;
            }
            room -= buffers[i].remaining();
        }
        return count;
    }

    private void write(ByteBuffer[] buffers, int first, int count) throws IOException {
        long bytes = remaining(buffers, first, count);
        if (bytes == 0) {
            return;
        }
        long from = position;
        for (int i = first; i < count; i++) {
            buffers[i].mark();
        }
        try {
            writeFully(buffers, first, count, bytes);
        } catch (ClosedByInterruptException e) {
            // Somebody interrupted a thread of ours. How much was written is not known; the same bytes go to the same
            // place again.
            boolean ignored = Thread.interrupted();
            channel = null;
            for (int i = first; i < count; i++) {
                buffers[i].reset();
            }
            writeFully(buffers, first, count, bytes);
        }
        for (int i = first; i < count; i++) {
            buffers[i].reset();
        }
        // While they are still in the processor's cache.
        file.hash(from, buffers, first, count);
        advance(buffers, first, count, from + bytes);
        cursor += bytes;
        file.countWritten(bytes);
    }

    private void advance(ByteBuffer[] buffers, int first, int count, long to) {
        CRC32C running = checksum;
        if (running == null) {
            position = to;
            return;
        }
        synchronized (running) {
            for (int i = first; i < count; i++) {
                running.update(buffers[i].duplicate());
            }
            position = to;
        }
    }

    private void writeFully(ByteBuffer[] buffers, int first, int count, long bytes) throws IOException {
        FileChannel open = channel();
        int offset = first;
        for (long left = bytes; left > 0; ) {
            left -= open.write(buffers, offset, count - offset);
            while (offset < count && !buffers[offset].hasRemaining()) {
                offset++;
            }
        }
    }

    private void compareWithDisk(ByteBuffer bytes) throws IOException {
        if (cursor < start) {
            // What lies before is somebody else's, and may not be there yet.
            int foreign = (int) Math.min(bytes.remaining(), start - cursor);
            bytes.position(bytes.position() + foreign);
            cursor += foreign;
            return;
        }
        int length = (int) Math.min(Math.min(bytes.remaining(), position - cursor), scratch().length);
        ByteBuffer onDisk = ByteBuffer.wrap(scratch(), 0, length);
        onChannel(file -> readFully(file, onDisk.clear().limit(length), cursor));
        if (!onDisk.flip().equals(bytes.slice(bytes.position(), length))) {
            file.distrust();
            throw new ContentChangedException(file.description(), "bytes sent again differ from those on disk");
        }
        bytes.position(bytes.position() + length);
        cursor += length;
    }

    /** Forces what was written to the device. */
    void force() throws IOException {
        if (channel != null) {
            onChannel(file -> file.force(false));
        }
    }

    private void onChannel(DiskWork work) throws IOException {
        try {
            work.on(channel());
        } catch (ClosedByInterruptException e) {
            // Somebody interrupted a thread of ours, which closes the channel under its hands: once more with another.
            boolean ignored = Thread.interrupted();
            channel = null;
            work.on(channel());
        }
    }

    void close() {
        PartFile.closeQuietly(channel);
        channel = null;
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = file.openPart();
            open.position(position);
            channel = open;
        }
        return open;
    }

    private byte[] scratch() {
        byte[] block = scratch;
        if (block == null) {
            block = new byte[SCRATCH_SIZE];
            scratch = block;
        }
        return block;
    }

    static void readFully(FileChannel file, ByteBuffer bytes, long from) throws IOException {
        int begin = bytes.position();
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position() - begin) < 0) {
                throw new IOException("the file became shorter meanwhile");
            }
        }
    }

    private static long remaining(ByteBuffer[] buffers, int first, int count) {
        long bytes = 0;
        for (int i = first; i < count; i++) {
            bytes += buffers[i].remaining();
        }
        return bytes;
    }
}
