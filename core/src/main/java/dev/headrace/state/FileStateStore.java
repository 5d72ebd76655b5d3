package dev.headrace.state;

import dev.headrace.error.FailureKind;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** One file for each key, replaced as a whole. All work goes through one line, so that a slow save cannot overtake a later one. */
final class FileStateStore implements StateStore {

    private static final Set<OpenOption> TO_WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path directory;
    /** The one file there is, if all but one key are refused. */
    private final @Nullable Path only;

    private final AtomicReference<@Nullable String> onlyKey = new AtomicReference<>();
    private final WaitingLine line = new WaitingLine();

    private FileStateStore(Path directory, @Nullable Path only) {
        this.directory = directory;
        this.only = only;
    }

    static FileStateStore inDirectory(Path directory) {
        return new FileStateStore(directory.toAbsolutePath(), null);
    }

    static FileStateStore inFile(Path file) {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null) {
            throw new IllegalArgumentException("file must be a file, but is the directory " + file);
        }
        return new FileStateStore(directory, absolute);
    }

    @Override
    public Mono<JsonNode> load(String key) {
        return Mono.defer(() -> {
            Path file = fileOf(key);
            return line.run(() -> read(key, file));
        });
    }

    @Override
    public Mono<Void> save(String key, JsonNode state) {
        return Mono.defer(() -> {
            Path file = fileOf(key);
            // Now, not when its turn comes: the tree may be changed by then.
            byte[] document = Json.write(state);
            return line.run(() -> {
                write(key, file, document);
                return null;
            });
        });
    }

    @Override
    public Mono<Void> delete(String key) {
        return Mono.defer(() -> {
            Path file = fileOf(key);
            return line.run(() -> {
                remove(key, file);
                return null;
            });
        });
    }

    private Path fileOf(String key) {
        String checked = StateFileName.checked(key);
        if (only == null) {
            return directory.resolve(StateFileName.of(checked));
        }
        if (!onlyKey.compareAndSet(null, checked) && !checked.equals(onlyKey.get())) {
            throw new IllegalArgumentException("The file " + only + " keeps what belongs to '" + onlyKey.get()
                    + "', so nothing else; use StateStore.file(directory) for several keys");
        }
        return only;
    }

    private static Path temporary(Path file) {
        // Always the same name: what a killed process left is overwritten and does not pile up.
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    private static @Nullable JsonNode read(String key, Path file) {
        try {
            return Json.tree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failed("load", key, file, e);
        } catch (DecodingException e) {
            throw new StateStoreException(
                    FailureKind.UNTRUSTED_DATA,
                    "The state of '" + key + "' in " + file + " is no JSON (" + e.getMessage()
                            + "); put back a copy of it, or remove the file to start anew",
                    e);
        }
    }

    private void write(String key, Path file, byte[] document) {
        try {
            // Asked first, because the next call takes no link to a directory for one before Java 20.
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, permissions("rwx------"));
            }
            Path temporary = temporary(file);
            // What a killed process left may be open to others. A directory is none of ours.
            if (!Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(temporary);
            }
            try (FileChannel channel = FileChannel.open(temporary, TO_WRITE, permissions("rw-------"))) {
                ByteBuffer bytes = ByteBuffer.wrap(document);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                // Before the rename: else a power cut can leave the new name with no content.
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
        } catch (IOException e) {
            throw failed("save", key, file, e);
        }
    }

    /** None where files have no such permissions. */
    private FileAttribute<?>[] permissions(String permissions) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private void remove(String key, Path file) {
        try {
            boolean left = Files.deleteIfExists(temporary(file));
            if (Files.deleteIfExists(file) || left) {
                forceDirectory();
            }
        } catch (IOException e) {
            throw failed("delete", key, file, e);
        }
    }

    private void forceDirectory() throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            // Windows opens no directory, and has no need to.
            return;
        }
        try (opened) {
            opened.force(true);
        }
    }

    private static StateStoreException failed(String what, String key, Path file, IOException cause) {
        return new StateStoreException(
                FailureKind.LOCAL,
                "Cannot " + what + " the state of '" + key + "' in " + file + ": " + reason(cause)
                        + "; look for its directory, its permissions and space on the disk, then run again",
                cause);
    }

    /** Java's file exceptions have a path for their message, and the reason, if any, elsewhere. */
    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException file) {
            return file.getReason() != null ? file.getReason() : file.getClass().getSimpleName();
        }
        return String.valueOf(cause.getMessage());
    }
}
