package dev.headrace.transfer;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.headrace.transfer.JournalEntry.Stretch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one download: {@code NAME.part} with the bytes, {@code NAME.part.hr} with the journal, and {@code NAME} at the end.
 *
 * <p>How it stays true whenever the process is killed:
 *
 * <ul>
 *   <li>The journal never claims more than writes that have returned; the page cache survives the process. A part file longer than
 *       the journal says is cut to it, a shorter one is believed up to its end only if that can be proved.
 *   <li>Before the first byte of a version is written, the old bytes are gone and both slots speak of the new version.
 *   <li>Once all checks are passed the journal says so, with the file's modification time; if only the rename or the removal of the
 *       journal is missing, the next run sees that and finishes without a request.
 * </ul>
 *
 * <p>Several extents may be written at once, each by its own worker; whatever concerns all of them is done under this object's lock, and
 * nobody calls out while holding it. All methods block, except those that say how far it is. After {@link #close()} nothing is written
 * any more.
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

    /**
     * What is to be loaded.
     *
     * @param request its identity
     * @param resume whether bytes of an earlier run may be gone on with
     * @param size length it must have, or -1
     * @param digest what it must have, if the user says so
     * @param announced whether the digest that a remote announced to an earlier run counts
     * @param named whether the remote says what the file is called, so that the destination is known only then
     */
    record Wanted(
            String request,
            boolean resume,
            long size,
            @Nullable Digest digest,
            boolean announced,
            boolean named) {

        /** Whether a journal speaks of the same. */
        boolean isOf(JournalEntry found) {
            return found.request().equals(request) && (size < 0 || found.total() < 0 || found.total() == size);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(PartFile.class);

    private static final long CHECKPOINT_BYTES = 1 << 20;
    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORCE_BYTES = 64 << 20;
    private static final long FORCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final DiskAccess disk;
    private final boolean powerLoss;
    private final long overlap;
    private final Path part;
    private final Path journalPath;

    private final Destination destination;
    private volatile List<Extent> extents = List.of();
    private volatile @Nullable JournalEntry entry;
    private volatile @Nullable RunningDigest digest;
    private volatile @Nullable String announcedBy;
    private volatile boolean closed;
    private volatile boolean leaving;
    private final AtomicInteger discards = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong sinceCheckpoint = new AtomicLong();

    private @Nullable Journal<JournalEntry> journal;
    private @Nullable FileChannel journalFile;
    private volatile long checkpointedAt;
    private boolean keep;
    private boolean mine;

    PartFile(Path target, DiskAccess disk, ExistingFile existing, Durability durability, long overlap) {
        this.destination = new Destination(target, disk, existing, this::checkOpen);
        this.part = destination.beside(".part");
        this.journalPath = destination.beside(".part.hr");
        this.disk = disk;
        this.powerLoss = durability == Durability.POWER_LOSS;
        this.overlap = overlap;
    }

    /** What is known about the bytes on disk; null if there are none that can be relied on. */
    @Nullable
    JournalEntry entry() {
        return entry;
    }

    /** The parts of the file, from the first to the last; none before the first response. */
    List<Extent> extents() {
        return extents;
    }

    /** Bytes on disk. */
    long done() {
        long bytes = 0;
        for (Extent extent : extents) {
            bytes += extent.position() - extent.start();
        }
        return bytes;
    }

    /** Length of the whole, or -1. */
    long total() {
        JournalEntry known = entry;
        return known == null ? -1 : known.total();
    }

    /** How often bytes on disk were thrown away. */
    int discards() {
        return discards.get();
    }

    /** Bytes written by this run, those thrown away included. */
    long written() {
        return written.get();
    }

    /** The complete file to be. */
    Path target() {
        return destination.path();
    }

    Path part() {
        return part;
    }

    /** The digest that is expected, if one is known. */
    @Nullable
    Digest expected() {
        RunningDigest running = digest;
        return running == null ? null : running.expected();
    }

    /** Whether every byte is on disk. */
    boolean isComplete() {
        JournalEntry known = entry;
        return known != null && known.total() >= 0 && known.total() == done();
    }

    /** Length of the destination, once it is there. */
    long targetSize() {
        return destination.size();
    }

    /**
     * Looks at what is there and takes over what can be gone on with.
     *
     * @param wanted what is to be loaded
     */
    Found open(Wanted wanted) {
        checkOpen();
        Digest given = wanted.digest();
        boolean named = wanted.named();
        digest = given == null ? null : new RunningDigest(given);
        if (!named && Files.isDirectory(target())) {
            throw new DiskException("replace", target(), new IOException("it is a directory"));
        }
        try {
            if (!named && destination.isToBeLeft(given) && !Destination.isThere(journalPath)) {
                return leaveExisting();
            }
            FileChannel locked = LockedJournal.open(journalPath, disk);
            if (locked == null) {
                throw new DestinationBusyException(target());
            }
            journalFile = locked;
            Journal<JournalEntry> opened = new Journal<>(JournalEntry.SLOTS, locked);
            journal = opened;
            JournalEntry found = opened.read();
            mine = found == null;
            JournalEntry same = found != null && wanted.isOf(found) ? found : null;
            if (same != null && named) {
                destination.isCalled(same.name());
            }
            if (found != null && destination.was(part, found)) {
                if (same != null && isFinishedFor(wanted)) {
                    return finished(same);
                }
                forgetPublished(locked);
                same = null;
            }
            boolean adopted = same != null && wanted.resume() && adopt(same, wanted);
            if (!adopted) {
                destination.isCalled(null);
                discards.addAndGet(isSomethingThere() ? 1 : 0);
            }
            if ((!named || adopted) && destination.isToBeLeft(expected())) {
                return leaveExisting();
            }
            if (!adopted && wanted.resume() && isSomethingThere()) {
                // They may be hours of work, and until the first byte comes whoever reads this can still stop.
                LOG.warn(
                        "{} bytes in {} give way to the first that come now: {}",
                        Files.size(part),
                        part,
                        found != null && same == null
                                ? "they are of another URL or length, " + found.request()
                                : "nothing vouches for them, or their digest or coding is another");
            }
            return adopted ? Found.BYTES : Found.NOTHING;
        } catch (IOException e) {
            throw new DiskException("open", part, e);
        }
    }

    private boolean isFinishedFor(Wanted wanted) throws IOException {
        Digest given = wanted.digest();
        return wanted.resume() && (given == null || destination.has(given));
    }

    private Found finished(JournalEntry found) throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(journalPath);
        digest = found.expected() == null ? null : new RunningDigest(Digest.parse(found.expected()));
        entry = found;
        keep = true;
        return Found.FINISHED;
    }

    /** The file that was published last is not what is wanted; it is a file like any other now. */
    private void forgetPublished(FileChannel journalOfIt) throws IOException {
        // Not by cutting it: it may be the published file under its old name as well.
        Files.deleteIfExists(part);
        journalOfIt.truncate(0);
        mine = true;
    }

    private boolean isSomethingThere() throws IOException {
        return Destination.isThere(part) && Files.size(part) > 0;
    }

    private Found leaveExisting() {
        destination.leave();
        return Found.EXISTING;
    }

    private boolean adopt(JournalEntry found, Wanted wanted) throws IOException {
        long length = Files.isRegularFile(part, NOFOLLOW_LINKS) ? Files.size(part) : 0;
        List<Stretch> usable = usable(found, length);
        Digest given = wanted.digest();
        if (usable.isEmpty()
                || !found.coding().equals(JournalEntry.IDENTITY)
                || given != null && given.contradicts(found.expected())) {
            return false;
        }
        if (given == null && found.expected() != null && wanted.announced()) {
            digest = new RunningDigest(Digest.parse(found.expected()));
        }
        long used = lastClaimed(usable);
        if (length > used) {
            onPart(file -> file.truncate(used));
        }
        adoptStretches(usable);
        JournalEntry taken = found.stretches(usable)
                .expecting(digest == null ? null : digest.expected().toString());
        entry = taken;
        // Signs both slots: where locks do not work, whoever had them before sees it and stops.
        note(() -> journal().restart(taken));
        return true;
    }

    /** What of the journal the part file bears out; empty for nothing. */
    private List<Stretch> usable(JournalEntry found, long length) {
        List<Stretch> stretches = found.stretches();
        long claimed = lastClaimed(stretches);
        if (claimed == 0) {
            return List.of();
        }
        if (length >= claimed) {
            return stretches;
        }
        // A file that was cut may go on from its end, for its last bytes are asked for again and compared.
        Stretch only = stretches.get(0);
        boolean provable = overlap > 0 && found.total() >= 0;
        return stretches.size() == 1 && only.start() == 0 && provable && length > 0
                ? List.of(new Stretch(0, length, only.end(), null))
                : List.of();
    }

    /** The byte after the last that is said to be written; 0 if none is. */
    private static long lastClaimed(List<Stretch> stretches) {
        return stretches.stream()
                .filter(stretch -> stretch.done() > stretch.start())
                .mapToLong(Stretch::done)
                .max()
                .orElse(0);
    }

    /** Brings the running digest up to the bytes that are on disk; reads those of an earlier run again. */
    void catchUpDigest() {
        RunningDigest running = digest;
        if (running == null || keepsChecksums() || extents.size() != 1) {
            return;
        }
        try {
            onPart(file -> running.catchUp(file, extents.get(0).position(), this::checkOpen));
        } catch (IOException e) {
            throw new DiskException("read", part, e);
        }
    }

    /**
     * A version comes that nothing is held of: throws away what there was and begins with this one.
     *
     * @param fresh its stretches tell which parts are written by whom
     * @param given the digest it must have, if one is known
     * @param named whether the remote says what the file is called, if it likes
     * @return false if the remote has named a file that is there and is to be left alone
     */
    boolean begin(JournalEntry fresh, @Nullable Digest given, boolean named) {
        checkOpen();
        try {
            digest = given == null ? null : new RunningDigest(given);
            if (named) {
                destination.isCalled(fresh.name());
                if (destination.isToBeLeft(given)) {
                    destination.leave();
                    return false;
                }
            }
            checkSpace(fresh.total());
            checkOwner();
            mine = true;
            discards.addAndGet(done() > 0 ? 1 : 0);
            extents.forEach(Extent::close);
            extents = List.of();
            entry = null;
            onPart(this::empty);
            noteDurably(() -> journal().restart(fresh));
            entry = fresh;
            adoptStretches(fresh.stretches());
            sinceCheckpoint.set(0);
        } catch (IOException e) {
            throw new DiskException("write", part, e);
        }
        return true;
    }

    private void adoptStretches(List<Stretch> stretches) {
        extents = stretches.stream()
                .map(stretch -> new Extent(
                        this,
                        stretch.start(),
                        stretch.done(),
                        stretch.end(),
                        keepsChecksums() ? stretch.checksum() : null))
                .toList();
    }

    private void checkSpace(long needed) throws IOException {
        long usable = Files.getFileStore(destination.directory()).getUsableSpace();
        // Some file systems say 0 for not known.
        if (usable > 0 && needed > usable + (Files.exists(part) ? Files.size(part) : 0)) {
            throw new DiskException(
                    "write", part, new IOException("it takes " + needed + " bytes, and there is room for " + usable));
        }
    }

    /** The length of the whole has become known. */
    synchronized void totalIs(long total) {
        JournalEntry known = entry;
        if (known != null && known.total() != total) {
            entry = known.total(total);
            extents.get(extents.size() - 1).endsAt(total);
        }
    }

    /** The remote has announced the digest, in this field of its answer. */
    void expectedBecauseOf(@Nullable String field) {
        announcedBy = field;
    }

    /** A digest has become known while bytes are there already. */
    void expect(Digest given) {
        JournalEntry known = entry;
        if (digest == null && known != null) {
            digest = new RunningDigest(given);
            entry = known.expecting(given.toString());
        }
    }

    /** Keeps the bytes up to the first gap, and forgets the others: from here on the file is filled from one end to the other. */
    synchronized void collapse() {
        List<Extent> before = extents;
        JournalEntry known = entry;
        if (before.size() < 2 || known == null) {
            return;
        }
        // Forces what is to be claimed, where that is wanted.
        checkpoint();
        before.forEach(Extent::close);
        Extent first = before.get(0);
        long prefix = first.position();
        for (int i = 1; i < before.size() && before.get(i).start() == prefix; i++) {
            prefix = before.get(i).position();
        }
        boolean whole = prefix == first.position();
        Stretch merged =
                new Stretch(0, prefix, known.total(), whole ? first.stretch().checksum() : null);
        adoptStretches(List.of(merged));
        checkpoint();
    }

    /** Whether each extent keeps a checksum, from which that of the whole can be made without reading it again. */
    boolean keepsChecksums() {
        RunningDigest running = digest;
        return running != null && running.expected().isCrc32c();
    }

    /** An extent has written something. */
    void wrote() {
        long due = sinceCheckpoint.get();
        long passed = System.nanoTime() - checkpointedAt;
        if (due >= (powerLoss ? FORCE_BYTES : CHECKPOINT_BYTES)
                || due > 0 && passed >= (powerLoss ? FORCE_NANOS : CHECKPOINT_NANOS)) {
            checkpoint();
        }
    }

    void countWritten(long bytes) {
        written.addAndGet(bytes);
        sinceCheckpoint.addAndGet(bytes);
    }

    void hash(long from, ByteBuffer[] buffers, int first, int count) {
        RunningDigest running = digest;
        // With several extents several threads come here, and only one of them is at the front.
        if (running != null && extents.size() == 1 && !keepsChecksums()) {
            running.wrote(from, buffers, first, count);
        }
    }

    /** Writes down how far the bytes on disk go. */
    synchronized void checkpoint() {
        JournalEntry known = entry;
        if (known == null || closed) {
            return;
        }
        try {
            JournalEntry now =
                    known.stretches(extents.stream().map(Extent::stretch).toList());
            sinceCheckpoint.set(0);
            if (powerLoss) {
                for (Extent extent : extents) {
                    extent.force();
                }
            }
            noteDurably(() -> journal().write(now));
            entry = now;
        } catch (IOException e) {
            throw new DiskException("write", journalPath, e);
        }
    }

    /** The bytes on disk are not what they were taken for: no later run may go on with them, unless it can prove them. */
    synchronized void distrust() {
        JournalEntry known = entry;
        if (known != null) {
            entry = known.of(Validator.NONE);
            checkpoint();
        }
    }

    /** The lock ends with the channel: whoever got it meanwhile owns the files now. */
    private void reopenJournal() throws IOException {
        FileChannel reopened = LockedJournal.open(journalPath, disk);
        if (reopened == null) {
            keep = true;
            throw new DestinationBusyException(target());
        }
        journalFile = reopened;
        journal().reopened(reopened);
    }

    /** Before something is done that another run, if it has taken over, would suffer from. */
    private void checkOwner() throws IOException {
        note(() -> journal().isOurs());
    }

    @FunctionalInterface
    private interface JournalWrite {
        boolean write() throws IOException;
    }

    /** Survives a power cut as well, where that is wanted. */
    private void noteDurably(JournalWrite write) throws IOException {
        note(write);
        if (powerLoss) {
            journal().force();
        }
    }

    private void note(JournalWrite write) throws IOException {
        boolean written;
        try {
            written = write.write();
        } catch (ClosedByInterruptException e) {
            boolean ignored = Thread.interrupted();
            reopenJournal();
            written = write.write();
        }
        if (!written) {
            // Another run has taken the files over: they are no longer ours to close down.
            keep = true;
            throw new DestinationBusyException(target());
        }
        checkpointedAt = System.nanoTime();
    }

    /**
     * Checks the digest and gives the file its name. Only when {@link #isComplete()}, and nobody writes.
     *
     * @return false if another file has taken the name meanwhile and is to be left alone
     */
    boolean publish() {
        checkOpen();
        try {
            checkDigest();
            checkpoint();
            extents.forEach(Extent::close);
            onPart(file -> {
                // Somebody may have removed the file under our hands, or put another in its place.
                if (file.size() != total()) {
                    throw new IOException(
                            "it has " + file.size() + " bytes and not the " + total() + " that were written");
                }
                file.force(true);
            });
            if (destination.isToBeLeft(expected())) {
                return leaveToTheOther();
            }
            JournalEntry known = entry;
            if (known != null) {
                JournalEntry verified =
                        known.verified(Files.getLastModifiedTime(part).toMillis());
                noteDurably(() -> journal().write(verified));
            }
            if (!destination.takes(part)) {
                return leaveToTheOther();
            }
            Files.deleteIfExists(journalPath);
            keep = true;
            return true;
        } catch (IOException e) {
            throw new DiskException("finish", target(), e);
        }
    }

    private void checkDigest() throws IOException {
        RunningDigest running = digest;
        if (running == null) {
            return;
        }
        Digest actual = keepsChecksums() ? combined() : null;
        if (actual == null) {
            onPart(file -> running.catchUp(file, total(), this::checkOpen));
            actual = running.finish();
        }
        if (!actual.equals(running.expected())) {
            throw new DigestMismatchException(target(), running.expected(), announcedBy, actual);
        }
    }

    /** The checksum of the whole from those of its extents; null if one of them is missing. */
    private @Nullable Digest combined() {
        int checksum = 0;
        for (Extent extent : extents) {
            Stretch stretch = extent.stretch();
            Integer next = stretch.checksum();
            if (next == null) {
                return null;
            }
            checksum = Crc32c.combine(checksum, next, stretch.done() - stretch.start());
        }
        return Digest.crc32c(String.format("%08x", checksum));
    }

    private boolean leaveToTheOther() throws IOException {
        keep = true;
        destination.leave();
        Files.deleteIfExists(part);
        Files.deleteIfExists(journalPath);
        return false;
    }

    /** Throws the bytes away: they must never be gone on with. */
    synchronized void forget() {
        checkOpen();
        extents.forEach(Extent::close);
        try {
            checkOwner();
            onPart(this::empty);
            discards.incrementAndGet();
            extents = List.of();
            entry = null;
            RunningDigest running = digest;
            if (running != null) {
                running.reset();
            }
        } catch (IOException e) {
            throw new DiskException("truncate", part, e);
        }
    }

    /** Says, from any thread, that {@link #close()} comes next: what takes long stops. */
    void leave() {
        leaving = true;
    }

    /** Writes down what can be resumed and removes what cannot. Never fails. */
    synchronized void close() {
        if (closed) {
            return;
        }
        leave();
        try {
            if (done() > 0 && sinceCheckpoint.get() > 0 && !keep) {
                checkpoint();
            }
        } catch (RuntimeException e) {
            // The journal claims less than there is, which is always safe.
        }
        closed = true;
        try {
            if (done() == 0 && mine && !keep && journalFile != null) {
                Files.deleteIfExists(part);
                Files.deleteIfExists(journalPath);
            }
        } catch (IOException e) {
            // They hold nothing, and the next run takes them.
        } finally {
            extents.forEach(Extent::close);
            closeQuietly(journalFile);
        }
    }

    static void closeQuietly(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // Nothing was promised about what is not in the journal.
        }
    }

    private void onPart(DiskWork work) throws IOException {
        try (FileChannel file = openPart()) {
            work.on(file);
        } catch (ClosedByInterruptException e) {
            // Somebody interrupted a thread of ours, which closes the channel under its hands: once more with another.
            boolean ignored = Thread.interrupted();
            try (FileChannel file = openPart()) {
                work.on(file);
            }
        }
    }

    private void empty(FileChannel file) throws IOException {
        file.truncate(0);
        if (powerLoss) {
            file.force(true);
        }
    }

    FileChannel openPart() throws IOException {
        return disk.open(part, CREATE, READ, WRITE, NOFOLLOW_LINKS);
    }

    void checkOpen() {
        if (closed || leaving) {
            throw new CancellationException("The download was cancelled");
        }
    }

    /** What is loaded, for messages. */
    String description() {
        JournalEntry known = entry;
        return known == null ? target().toString() : known.request();
    }

    private Journal<JournalEntry> journal() {
        if (journal == null) {
            throw new IllegalStateException("The journal is not open");
        }
        return journal;
    }

    /** Splits a length into stretches of about the same size, each but the first at a multiple of 64 KiB. */
    static List<Stretch> split(long total, int count, boolean checksums) {
        List<Stretch> stretches = new ArrayList<>();
        long start = 0;
        for (int i = 1; i <= count; i++) {
            long end = i == count ? total : total / count * i / ALIGNMENT * ALIGNMENT;
            if (end > start) {
                stretches.add(new Stretch(start, start, end, checksums ? 0 : null));
                start = end;
            }
        }
        return stretches;
    }

    static final long ALIGNMENT = 64 * 1024;
}
