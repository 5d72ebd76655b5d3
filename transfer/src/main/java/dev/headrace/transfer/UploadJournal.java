package dev.headrace.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The journal of an upload: a {@link Journal}, locked against
 * other processes, and claimed within this one. Used by one disk worker.
 *
 * <p>Without a path it is kept in memory.
 */
final class UploadJournal {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final @Nullable Path path;
    private final DiskAccess disk;
    private volatile @Nullable JournalClaim claim;
    private volatile boolean leaving;
    private @Nullable FileChannel file;
    private @Nullable Journal<UploadEntry> slots;
    private @Nullable UploadEntry entry;

    UploadJournal(@Nullable Path path, DiskAccess disk) {
        this.path = path == null ? null : path.toAbsolutePath().normalize();
        this.disk = disk;
    }

    /**
     * Takes the journal for this run.
     *
     * @return completes at once; or, later, when a run that is just closing the journal has done so, and then it must be tried again
     */
    Optional<Mono<Void>> claim() {
        if (path == null || claim != null) {
            return Optional.empty();
        }
        JournalClaim.Attempt attempt = JournalClaim.take(path);
        if (attempt.claim().isPresent()) {
            JournalClaim taken = attempt.claim().get();
            claim = taken;
            if (leaving) {
                taken.leave();
            }
            return Optional.empty();
        }
        JournalClaim owner = attempt.owner().orElseThrow();
        if (!owner.isLeaving()) {
            throw new UploadBusyException(path);
        }
        return Optional.of(owner.released());
    }

    /** Says that its run is over and will only close it. */
    void leave() {
        leaving = true;
        JournalClaim held = claim;
        if (held != null) {
            held.leave();
        }
    }

    /** What an earlier run has left; null for nothing. */
    @Nullable
    UploadEntry open() {
        if (path == null) {
            return null;
        }
        try {
            // Whoever knows the URL of an upload can write to it: that is nobody else's business.
            boolean owned = path.getFileSystem().supportedFileAttributeViews().contains("posix");
            FileChannel opened = owned
                    ? LockedJournal.open(path, disk, PosixFilePermissions.asFileAttribute(OWNER_ONLY))
                    : LockedJournal.open(path, disk);
            if (opened == null) {
                throw new UploadBusyException(path);
            }
            file = opened;
            if (owned) {
                keepToOwner(path);
            }
            Journal<UploadEntry> found = new Journal<>(UploadEntry.SLOTS, opened);
            slots = found;
            entry = found.read();
            return entry;
        } catch (IOException e) {
            throw new DiskException(
                    "keep the journal (journal(path) puts it elsewhere, withoutJournal() into memory)", path, e);
        }
    }

    /** A journal that was copied, or restored from somewhere, may be open to everybody; one of somebody else cannot be closed to them. */
    private static void keepToOwner(Path journal) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(journal, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null && !view.readAttributes().permissions().equals(OWNER_ONLY)) {
            view.setPermissions(OWNER_ONLY);
        }
    }

    /** What was written last; null if there is no upload to go on with. */
    @Nullable
    UploadEntry entry() {
        return entry;
    }

    void write(UploadEntry next) {
        entry = next;
        Journal<UploadEntry> journal = slots;
        if (file == null || journal == null || path == null) {
            return;
        }
        try {
            boolean ignored = journal.write(next);
        } catch (IOException e) {
            throw new DiskException("write the journal", path, e);
        }
    }

    /** There is no upload to go on with any more. */
    void forget() {
        entry = null;
        FileChannel opened = file;
        if (opened != null && path != null) {
            try {
                opened.truncate(0);
            } catch (IOException e) {
                throw new DiskException("write the journal", path, e);
            }
        }
    }

    /** Closes the journal, and removes it if there is nothing in it to go on with. */
    void close() {
        FileChannel opened = file;
        file = null;
        try {
            if (opened != null && path != null) {
                if (entry == null) {
                    // While it is locked: nobody else can have begun to write to it.
                    Files.deleteIfExists(path);
                }
                opened.close();
            }
        } catch (IOException e) {
            throw new DiskException("close the journal", path == null ? Path.of("") : path, e);
        } finally {
            JournalClaim held = claim;
            claim = null;
            if (held != null) {
                held.release();
            }
        }
    }
}
