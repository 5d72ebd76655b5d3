package dev.headrace.transfer;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a finished upload has done.
 *
 * @param url where the server has it: the upload URL of tus, which may be all one needs to read or delete it; the {@code Location} of a
 *     plain upload, or else the target of its request. {@link #toString()} masks the last segment of its
 *     path, and what looks like a secret in it
 * @param bytes bytes sent by this run, those included that had to be sent twice
 * @param totalBytes length of the whole
 * @param resumed whether this run went on with an upload that an earlier one had begun
 * @param resumedFrom how many bytes the server had from earlier runs; 0 if none
 * @param restarts how often it had to begin with the first byte again
 * @param requests requests sent by this run
 * @param etag the entity tag that the server gave, with its quotes, if it did; plain uploads only
 */
public record Uploaded(
        URI url,
        long bytes,
        long totalBytes,
        boolean resumed,
        long resumedFrom,
        int restarts,
        int requests,
        @Nullable String etag) {

    @Override
    public String toString() {
        return "Uploaded[url=" + UploadUrl.printable(url) + ", bytes=" + bytes + ", totalBytes=" + totalBytes
                + ", resumed="
                + resumed + ", resumedFrom=" + resumedFrom + ", restarts=" + restarts + ", requests=" + requests
                + ", etag=" + etag + "]";
    }
}
