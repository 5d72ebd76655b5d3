package dev.headrace.state;

import java.nio.file.Path;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Keeps JSON documents by key, so that a later run can go on where this one stopped. Implement it to keep them in a database, say.
 *
 * <p>A key is any string but the empty one; two keys are the same only if they are equal, in case too. A document is any JSON value,
 * {@code null} included. It comes back as a JSON parser reads it, and is a copy: whoever changes it changes nothing that is kept.
 *
 * <p>Nothing happens before subscription, and each subscription does it again. An implementation never blocks the subscribing thread,
 * and may signal on any other. It saves a document whole or not at all: whenever a save is cancelled, fails, or is cut off by the end of
 * the process, a load finds the old document or the new one. Once a save has completed, loads find what it saved, also in a later run
 * if the store outlives its process.
 *
 * <p>Failures are signalled as {@link StateStoreException}, an empty key as {@link IllegalArgumentException}. Safe for use by several
 * threads. Saves of one key by several processes at once are not coordinated: give each process keys of its own.
 */
public interface StateStore {

    /**
     * Loads a document.
     *
     * <p>Cancelling drops the result.
     *
     * @param key not empty
     * @return the document that was saved last; empty if none was, or it was deleted
     */
    Mono<JsonNode> load(String key);

    /**
     * Saves a document in place of what the key had.
     *
     * <p>A save that was cancelled may still be carried out. Saves of one key that run at the same time may take effect in any order,
     * unless the implementation says otherwise.
     *
     * @param key not empty
     * @param state the document, taken as it is at subscription
     * @return completes when it is kept
     */
    Mono<Void> save(String key, JsonNode state);

    /**
     * Forgets what a key had; there may have been nothing.
     *
     * <p>A deletion that was cancelled may still be carried out.
     *
     * @param key not empty
     * @return completes when it is forgotten
     */
    Mono<Void> delete(String key);

    /**
     * A store that lives as long as this object: for tests, and for reading on within one run. It does its work at subscription, on
     * the subscribing thread.
     *
     * @return a new, empty store
     */
    static StateStore inMemory() {
        return new MemoryStateStore();
    }

    /**
     * A store with one file for each key.
     *
     * <p>Files are named after their keys, percent-encoded, and end in {@code .json}; the name of a very long key ends in a SHA-256. A
     * save writes a temporary file beside the old one, forces it to the disk, and replaces the old one atomically, so that a crash
     * leaves either. What a killed process left behind is replaced by the next save. The directory is made by the first save. Where files
     * have POSIX permissions, what is made is for its owner only: {@code rw-------}, and {@code rwx------} for a directory.
     *
     * <p>Work is done on {@code Schedulers.boundedElastic()}, where results are signalled too: one operation after the other, in the
     * order of subscription. What was begun goes on to its end when its caller leaves. So use one store for one directory: two stores,
     * or two processes, that save the same key at once can spoil its file.
     *
     * <p>{@link StateStoreException} is {@link dev.headrace.error.FailureKind#LOCAL} if a file cannot be read or written, and
     * {@link dev.headrace.error.FailureKind#UNTRUSTED_DATA} if what is to be loaded is not JSON; such a file stays until it is saved
     * anew or deleted.
     *
     * @param directory where the files are; relative to the working directory at this call
     * @return a store; calling this touches no file
     */
    static StateStore file(Path directory) {
        return FileStateStore.inDirectory(directory);
    }

    /**
     * A store for a single key, in a file of the user's choice; as {@link #file} in everything else. The first key that is used owns the
     * file; any other is refused with {@link IllegalArgumentException}.
     *
     * @param file where the document is; relative to the working directory at this call
     * @return a store; calling this touches no file
     */
    static StateStore inFile(Path file) {
        return FileStateStore.inFile(file);
    }
}
