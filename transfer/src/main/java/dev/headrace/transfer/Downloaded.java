package dev.headrace.transfer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a finished download has done.
 *
 * @param path the complete file
 * @param bytes bytes written by this run; 0 if all were there already
 * @param totalBytes length of the file
 * @param resumed whether bytes of an earlier run are part of it
 * @param resumedFrom how many bytes of an earlier run are; 0 if none
 * @param restarts how often bytes on disk were thrown away because they could not be shown to belong to what the remote has now
 * @param requests requests sent by this run
 * @param etag the entity tag of the version that was loaded, with its quotes, if the remote gave one
 * @param digest the digest that was expected and found, if one was expected
 */
public record Downloaded(
        Path path,
        long bytes,
        long totalBytes,
        boolean resumed,
        long resumedFrom,
        int restarts,
        int requests,
        @Nullable String etag,
        @Nullable Digest digest) {}
