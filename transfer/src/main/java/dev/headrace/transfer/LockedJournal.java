package dev.headrace.transfer;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import org.jspecify.annotations.Nullable;

/** Opens a journal for one process alone. The lock is that of the open file: it ends with the process, so a dead owner is no obstacle. */
final class LockedJournal {

    private static final int ATTEMPTS = 10;

    private LockedJournal() {}

    /**
     * Opens or creates it.
     *
     * @param attributes of a file that is created
     * @return null if another process, or another run of this one, has it
     */
    static @Nullable FileChannel open(Path path, DiskAccess disk, FileAttribute<?>... attributes) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                Files.createFile(path, attributes);
            } catch (FileAlreadyExistsException e) {
                // Of an earlier run, or of one that is running now: the lock tells.
            }
            Object before = identity(path);
            FileChannel file;
            try {
                file = disk.open(path, READ, WRITE, NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                continue;
            }
            if (!tryLock(file)) {
                file.close();
                return null;
            }
            // The owner before us may have removed the journal in between: a lock on a removed file keeps nobody out.
            if (before != null && before.equals(identity(path))) {
                return file;
            }
            file.close();
        }
        return null;
    }

    private static boolean tryLock(FileChannel file) {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // Not every network file system has locks; there the number in the journal keeps others out.
            return true;
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
}
