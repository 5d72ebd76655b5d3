package dev.headrace.transfer;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** The complete file to be: its name, and what happens if there is one by that name already. All methods but {@link #path()} block. */
final class Destination {

    private final Path given;
    private final DiskAccess disk;
    private final ExistingFile existing;
    private final Runnable checkpoint;
    private volatile Path path;

    /**
     * A destination.
     *
     * @param checkpoint called while a file is read; may throw to stop
     */
    Destination(Path given, DiskAccess disk, ExistingFile existing, Runnable checkpoint) {
        this.given = given.toAbsolutePath();
        this.path = this.given;
        this.disk = disk;
        this.existing = existing;
        this.checkpoint = checkpoint;
    }

    Path path() {
        return path;
    }

    /** A file beside it, by the name it was given, whatever it is called in the end. */
    Path beside(String suffix) {
        return given.resolveSibling(given.getFileName() + suffix);
    }

    /** What it is called, in the same directory; null for the name it was given. */
    void isCalled(@Nullable String name) {
        path = name == null ? given : given.resolveSibling(name);
    }

    Path directory() {
        Path parent = given.getParent();
        return parent == null ? given : parent;
    }

    /** Makes the parent directories; the path with all links of its directory resolved. */
    static Path real(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent() == null ? absolute : absolute.getParent();
        try {
            Files.createDirectories(parent);
            return parent.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            throw new DiskException("create the directory", parent, e);
        }
    }

    /** Length of the file, once it is there. */
    long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new DiskException("look at", path, e);
        }
    }

    /** Whether there is a file under the name that must not be replaced. */
    boolean isToBeLeft(@Nullable Digest expected) throws IOException {
        if (existing == ExistingFile.REPLACE || !isThere(path)) {
            return false;
        }
        return existing != ExistingFile.SKIP_IF_DIGEST_MATCHES || expected != null && has(expected);
    }

    boolean has(Digest expected) throws IOException {
        RunningDigest there = new RunningDigest(expected);
        try (FileChannel file = disk.open(path, READ)) {
            there.catchUp(file, file.size(), checkpoint);
        }
        return there.finish().equals(expected);
    }

    /** The file is there and is left alone, unless that is an error. */
    void leave() {
        if (existing == ExistingFile.FAIL) {
            throw new DestinationExistsException(path);
        }
    }

    /** Whether it is what a part file became in a run that was killed before it could say so. */
    boolean was(Path part, JournalEntry found) throws IOException {
        return found.verifiedAt() >= 0
                && Files.isRegularFile(path, NOFOLLOW_LINKS)
                && (!isThere(part) || Files.isSameFile(part, path))
                && Files.size(path) == found.done()
                && Files.getLastModifiedTime(path).toMillis() == found.verifiedAt();
    }

    /**
     * Gives a part file the name, in one step, and never over a file that came in the last moment and is to be left alone.
     *
     * @return false if there is such a file
     */
    boolean takes(Path part) throws IOException {
        if (existing == ExistingFile.REPLACE || existing == ExistingFile.SKIP_IF_DIGEST_MATCHES) {
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        } else {
            try {
                // A link fails where a rename would replace.
                Files.createLink(path, part);
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (UnsupportedOperationException | IOException e) {
                // Not every file system has links; there the look just before must do.
                Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
            }
            // Gone already if it was moved.
            Files.deleteIfExists(part);
        }
        forceDirectory();
        return true;
    }

    /** The rename itself must survive a power cut; systems that cannot open a directory do without. */
    private void forceDirectory() {
        try (FileChannel directory = FileChannel.open(directory(), READ)) {
            directory.force(true);
        } catch (IOException e) {
            // Not on this system.
        }
    }

    static boolean isThere(Path file) {
        return Files.exists(file, NOFOLLOW_LINKS);
    }
}
