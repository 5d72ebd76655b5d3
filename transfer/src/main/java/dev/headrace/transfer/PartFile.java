package dev.headrace.transfer;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The files of one download: {@code NAME.part} with the bytes, {@code NAME.part.hr} with the journal, and {@code NAME} at the end.
 *
 * <p>How it stays true whenever the process is killed:
 *
 * <ul>
 *   <li>The journal never claims more than writes that have returned; the page cache survives the process. A part file longer than
 *       the journal says is cut to it, a shorter one is not believed.
 *   <li>Before the first byte of a version is written, the old bytes are gone and both slots speak of the new version.
 *   <li>Once all checks are passed the journal says so, with the file's modification time; if only the rename or the removal of the
 *       journal is missing, the next run sees that and finishes without a request.
 * </ul>
 *
 * <p>All methods block and run on the download's disk worker, except {@link #entry()}, {@link #position()}, {@link #total()} and
 * {@link #leave()}. After {@link #close()} nothing is written any more.
 */
final class PartFile {

    /** What {@link #open} found. */
    enum Found {
        /** Nothing, or nothing usable. */
        NOTHING,
        /** Bytes of an earlier run that can be gone on with. */
        BYTES,
        /** The destination itself, finished by a run that was killed before it could say so. */
        FINISHED,
        /** The destination itself, which is to be left alone. */
        EXISTING
    }

    private static final long CHECKPOINT_BYTES = 1 << 20;
    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SCRATCH_SIZE = 256 * 1024;
    private static final int LOCK_ATTEMPTS = 10;

    private final Path target;
    private final Path part;
    private final Path journalPath;
    private final DiskAccess disk;
    private final ExistingFile existing;
    private final @Nullable Digest expected;

    private @Nullable Journal journal;
    private @Nullable FileChannel journalFile;
    private @Nullable FileChannel data;
    private @Nullable MessageDigest hash;
    private byte @Nullable [] scratch;
    private long hashed;
    private long checkpointed;
    private long checkpointedAt;
    private long cursor;
    private long promised;
    private boolean keep;
    private boolean closed;
    private int discards;
    private long written;

    private volatile @Nullable DestinationClaim claim;
    private volatile boolean leaving;
    private volatile @Nullable JournalEntry entry;
    private volatile long position;

    PartFile(Path target, DiskAccess disk, ExistingFile existing, @Nullable Digest expected) {
        this.target = target.toAbsolutePath();
        this.part = this.target.resolveSibling(this.target.getFileName() + ".part");
        this.journalPath = this.target.resolveSibling(this.target.getFileName() + ".part.hr");
        this.disk = disk;
        this.existing = existing;
        this.expected = expected;
    }

    /** What is known about the bytes on disk; null if there are none that can be relied on. */
    @Nullable
    JournalEntry entry() {
        return entry;
    }

    /** Bytes on disk, which is where the next one goes. */
    long position() {
        return position;
    }

    /** Length of the whole, or -1. */
    long total() {
        JournalEntry known = entry;
        return known == null ? -1 : known.total();
    }

    /** How often bytes on disk were thrown away. */
    int discards() {
        return discards;
    }

    /** Bytes written by this run, those thrown away included. */
    long written() {
        return written;
    }

    /** Whether every byte is on disk. */
    boolean isComplete() {
        JournalEntry known = entry;
        return known != null && known.total() == position;
    }

    /** Length of the destination, once it is there. */
    long targetSize() {
        try {
            return Files.size(target);
        } catch (IOException e) {
            throw new DiskException("look at", target, e);
        }
    }

    /**
     * Makes the parent directories and claims the destination.
     *
     * @return null once it is claimed; else what to wait for before trying again
     */
    @Nullable
    Mono<Void> claim() {
        checkOpen();
        Path parent = directory();
        try {
            Files.createDirectories(parent);
            Path real = parent.toRealPath().resolve(target.getFileName());
            DestinationClaim.Attempt attempt = DestinationClaim.take(real);
            claim = attempt.claim().orElse(null);
            if (leaving) {
                leave();
            }
            return attempt.owner().map(this::waitFor).orElse(null);
        } catch (IOException e) {
            throw new DiskException("create the directory", parent, e);
        }
    }

    private Mono<Void> waitFor(DestinationClaim owner) {
        if (owner.isLeaving()) {
            return owner.released();
        }
        throw new DestinationBusyException(target);
    }

    /** Looks at what is there and takes over what can be gone on with. */
    Found open(String request, boolean resume, long expectedSize) {
        checkOpen();
        if (Files.isDirectory(target)) {
            throw new DiskException("replace", target, new IOException("it is a directory"));
        }
        if (isThere(target) && existing != ExistingFile.REPLACE && !isThere(journalPath)) {
            return refuse();
        }
        try {
            journalFile = lockJournal();
            journal = new Journal(journalFile);
            JournalEntry found = journal.read();
            if (found != null && wasPublished(found)) {
                Files.deleteIfExists(journalPath);
                entry = found;
                position = found.done();
                keep = true;
                return Found.FINISHED;
            }
            boolean adopted = resume && adopt(found, request, expectedSize);
            if (isThere(target) && existing != ExistingFile.REPLACE) {
                return refuse();
            }
            return adopted ? Found.BYTES : Found.NOTHING;
        } catch (IOException e) {
            throw new DiskException("open", part, e);
        }
    }

    private Found refuse() {
        keep = true;
        if (existing == ExistingFile.SKIP) {
            return Found.EXISTING;
        }
        throw new DestinationExistsException(target);
    }

    private FileChannel lockJournal() throws IOException {
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            try {
                Files.createFile(journalPath);
            } catch (FileAlreadyExistsException e) {
                // Of an earlier run, or of one that is running now: the lock tells.
            }
            Object before = identity(journalPath);
            FileChannel file = disk.open(journalPath, READ, WRITE, NOFOLLOW_LINKS);
            if (!tryLock(file)) {
                file.close();
                throw new DestinationBusyException(target);
            }
            // The owner before us may have removed the journal in between: a lock on a removed file keeps nobody out.
            if (before != null && before.equals(identity(journalPath))) {
                return file;
            }
            file.close();
        }
        throw new DestinationBusyException(target);
    }

    private static boolean tryLock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static @Nullable Object identity(Path file) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS)
                    .fileKey();
            // Where files have no keys, as on Windows, an open file cannot be removed either.
            return key == null ? file : key;
        } catch (IOException e) {
            return null;
        }
    }

    private boolean wasPublished(JournalEntry found) throws IOException {
        return found.verifiedAt() >= 0
                && !isThere(part)
                && Files.isRegularFile(target)
                && Files.size(target) == found.done()
                && Files.getLastModifiedTime(target).toMillis() == found.verifiedAt();
    }

    private boolean adopt(@Nullable JournalEntry found, String request, long expectedSize) throws IOException {
        long length = Files.isRegularFile(part, NOFOLLOW_LINKS) ? Files.size(part) : 0;
        if (found == null
                || found.done() == 0
                || found.done() > length
                || !found.request().equals(request)
                || !found.coding().equals(JournalEntry.IDENTITY)
                || expectedSize >= 0 && found.total() >= 0 && found.total() != expectedSize
                || expected != null
                        && found.expected() != null
                        && !expected.toString().equals(found.expected())) {
            discards += length > 0 ? 1 : 0;
            return false;
        }
        FileChannel file = openData();
        file.truncate(found.done());
        file.position(found.done());
        position = found.done();
        checkpointed = position;
        checkpointedAt = System.nanoTime();
        entry = expected == null ? found : found.expecting(expected.toString());
        return true;
    }

    /** Brings the running hash up to the bytes that are on disk; reads those of an earlier run again. */
    void catchUpHash() {
        if (expected == null || (hash != null && hashed == position)) {
            return;
        }
        MessageDigest running = hash();
        byte[] block = scratch();
        try {
            while (hashed < position) {
                checkOpen();
                ByteBuffer bytes = ByteBuffer.wrap(block, 0, (int) Math.min(block.length, position - hashed));
                readFully(bytes, hashed);
                running.update(block, 0, bytes.position());
                hashed += bytes.position();
            }
        } catch (IOException e) {
            throw new DiskException("read", part, e);
        }
    }

    /** A whole body comes: throws away what there was and begins with this version. */
    void begin(JournalEntry fresh) {
        checkOpen();
        try {
            FileChannel file = openData();
            discards += position > 0 ? 1 : 0;
            position = 0;
            entry = null;
            file.truncate(0);
            file.position(0);
            journal().restart(fresh);
            entry = fresh;
            checkpointed = 0;
            checkpointedAt = System.nanoTime();
            hashed = 0;
            hash = null;
        } catch (IOException e) {
            throw new DiskException("write", part, e);
        }
    }

    /**
     * Says which bytes come next.
     *
     * @param start place of the first in the whole; those before {@link #position()} are compared with what is on disk
     * @param length how many were promised, or -1
     */
    void expect(long start, long length) {
        cursor = start;
        promised = length < 0 ? Long.MAX_VALUE : length;
    }

    /** The length of the whole has become known. */
    void totalIs(long total) {
        JournalEntry known = entry;
        if (known != null && known.total() != total) {
            entry = known.total(total);
        }
    }

    /** Writes the next bytes, in one call where the system can. */
    void append(ByteBuffer[] buffers, int count) {
        checkOpen();
        long bytes = remaining(buffers, 0, count);
        if (bytes > promised) {
            throw new ContentRangeException(requestText(), "more bytes came than were promised");
        }
        promised -= bytes;
        try {
            int first = 0;
            while (first < count && cursor < position) {
                compareWithDisk(buffers[first]);
                first += buffers[first].hasRemaining() ? 0 : 1;
            }
            write(buffers, first, count);
            long due = position - checkpointed;
            if (due >= CHECKPOINT_BYTES || due > 0 && System.nanoTime() - checkpointedAt >= CHECKPOINT_NANOS) {
                checkpoint();
            }
        } catch (IOException e) {
            throw new DiskException("write", part, e);
        }
    }

    private void write(ByteBuffer[] buffers, int first, int count) throws IOException {
        long bytes = remaining(buffers, first, count);
        long start = position;
        if (bytes == 0) {
            return;
        }
        for (int i = first; i < count; i++) {
            buffers[i].mark();
        }
        try {
            writeFully(buffers, first, count, bytes);
        } catch (ClosedByInterruptException e) {
            // Somebody interrupted a thread of ours. How much was written is not known; the same bytes go to the same
            // place again.
            boolean ignored = Thread.interrupted();
            data = null;
            openData().position(start);
            for (int i = first; i < count; i++) {
                buffers[i].reset();
            }
            writeFully(buffers, first, count, bytes);
        }
        cursor += bytes;
        if (expected != null && hashed == start) {
            // While they are still in the processor's cache.
            for (int i = first; i < count; i++) {
                hash(buffers[i].reset());
            }
            hashed += bytes;
        }
        position = start + bytes;
        written += bytes;
    }

    private void writeFully(ByteBuffer[] buffers, int first, int count, long bytes) throws IOException {
        FileChannel file = openData();
        int offset = first;
        for (long left = bytes; left > 0; ) {
            left -= file.write(buffers, offset, count - offset);
            while (offset < count && !buffers[offset].hasRemaining()) {
                offset++;
            }
        }
    }

    private void compareWithDisk(ByteBuffer bytes) throws IOException {
        int length = (int) Math.min(Math.min(bytes.remaining(), position - cursor), scratch().length);
        ByteBuffer onDisk = ByteBuffer.wrap(scratch(), 0, length);
        readFully(onDisk, cursor);
        if (!onDisk.flip().equals(bytes.slice(bytes.position(), length))) {
            throw new ContentChangedException(requestText(), "bytes sent again differ from those on disk");
        }
        bytes.position(bytes.position() + length);
        cursor += length;
    }

    /** Writes down how far the bytes on disk go. */
    void checkpoint() throws IOException {
        JournalEntry known = entry;
        if (known != null) {
            JournalEntry now = known.done(position);
            journal().write(now);
            entry = now;
            checkpointed = position;
            checkpointedAt = System.nanoTime();
        }
    }

    /**
     * Checks the digest and gives the file its name. Only when {@link #isComplete()}.
     *
     * @return false if another file has taken the name meanwhile and is to be left alone
     */
    boolean publish() {
        catchUpHash();
        checkOpen();
        if (expected != null) {
            Digest actual = expected.ofSameKind(hash().digest());
            hash = null;
            hashed = 0;
            if (!actual.equals(expected)) {
                throw new DigestMismatchException(target, expected, actual);
            }
        }
        try {
            checkpoint();
            FileChannel file = openData();
            file.force(true);
            if (isThere(target) && existing != ExistingFile.REPLACE) {
                refuse();
                Files.deleteIfExists(part);
                Files.deleteIfExists(journalPath);
                return false;
            }
            JournalEntry known = entry;
            if (known != null) {
                journal().write(known.verified(Files.getLastModifiedTime(part).toMillis()));
            }
            file.close();
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
            Files.deleteIfExists(journalPath);
            keep = true;
            return true;
        } catch (IOException e) {
            throw new DiskException("finish", target, e);
        }
    }

    /** The rename itself must survive a power cut; systems that cannot open a directory do without. */
    private void forceDirectory() {
        try (FileChannel directory = FileChannel.open(directory(), READ)) {
            directory.force(true);
        } catch (IOException e) {
            // Not on this system.
        }
    }

    /** Throws the bytes away: they must never be gone on with. */
    void forget() {
        checkOpen();
        try {
            openData().truncate(0);
            discards++;
            position = 0;
            entry = null;
            hash = null;
            hashed = 0;
        } catch (IOException e) {
            throw new DiskException("truncate", part, e);
        }
    }

    /** Says, from any thread, that {@link #close()} comes next: what takes long stops, and a newcomer may wait. */
    void leave() {
        leaving = true;
        DestinationClaim held = claim;
        if (held != null) {
            held.leave();
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Writes down what can be resumed, removes what cannot, and lets go of the destination. Never fails. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        leave();
        try {
            if (position > 0 && position != checkpointed && !keep) {
                checkpoint();
            }
            if (position == 0 && !keep && journalFile != null) {
                Files.deleteIfExists(part);
                Files.deleteIfExists(journalPath);
            }
        } catch (IOException e) {
            // The journal claims less than there is, which is always safe.
        } finally {
            closeQuietly(data);
            closeQuietly(journalFile);
            DestinationClaim held = claim;
            if (held != null) {
                held.release();
            }
        }
    }

    private static void closeQuietly(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // Nothing was promised about what is not in the journal.
        }
    }

    private FileChannel openData() throws IOException {
        FileChannel open = data;
        if (open == null) {
            open = disk.open(part, CREATE, READ, WRITE, NOFOLLOW_LINKS);
            data = open;
        }
        return open;
    }

    private void readFully(ByteBuffer bytes, long from) throws IOException {
        FileChannel file = openData();
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position() - start) < 0) {
                throw new IOException("the file became shorter meanwhile");
            }
        }
    }

    private void hash(ByteBuffer bytes) {
        MessageDigest running = hash();
        byte[] block = scratch();
        while (bytes.hasRemaining()) {
            int length = Math.min(block.length, bytes.remaining());
            bytes.get(block, 0, length);
            running.update(block, 0, length);
        }
    }

    private MessageDigest hash() {
        MessageDigest running = hash;
        if (running == null) {
            if (expected == null) {
                throw new IllegalStateException("No digest is expected");
            }
            running = expected.newMessageDigest();
            hash = running;
            hashed = 0;
        }
        return running;
    }

    private byte[] scratch() {
        byte[] block = scratch;
        if (block == null) {
            block = new byte[SCRATCH_SIZE];
            scratch = block;
        }
        return block;
    }

    private Journal journal() {
        if (journal == null) {
            throw new IllegalStateException("The journal is not open");
        }
        return journal;
    }

    private void checkOpen() {
        if (closed || leaving) {
            throw new CancellationException("The download was cancelled");
        }
    }

    private Path directory() {
        Path parent = target.getParent();
        return parent == null ? target : parent;
    }

    private String requestText() {
        JournalEntry known = entry;
        return known == null ? target.toString() : known.request();
    }

    private static boolean isThere(Path file) {
        return Files.exists(file, NOFOLLOW_LINKS);
    }

    private static long remaining(ByteBuffer[] buffers, int first, int count) {
        long bytes = 0;
        for (int i = first; i < count; i++) {
            bytes += buffers[i].remaining();
        }
        return bytes;
    }
}
