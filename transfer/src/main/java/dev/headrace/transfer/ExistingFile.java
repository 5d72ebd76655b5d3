package dev.headrace.transfer;

/** What a download does when its destination is there already; asked before the request and again before the rename. */
public enum ExistingFile {
    /** Errors with {@link DestinationExistsException}. The default. */
    FAIL,
    /** Puts the new file in the place of the old one, in one step, once it is complete. */
    REPLACE,
    /** Leaves the old file as it is and counts as done. Its content is not looked at. */
    SKIP,
    /**
     * Leaves the old file as it is, and counts as done, if it has the {@linkplain Download#expect digest expected}; else replaces it. Without
     * a digest the download errors with {@link IllegalStateException}.
     */
    SKIP_IF_DIGEST_MATCHES
}
