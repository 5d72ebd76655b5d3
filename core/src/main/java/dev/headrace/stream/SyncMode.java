package dev.headrace.stream;

/** How a stream is read. */
public enum SyncMode {
    /** All of it, each time. */
    FULL_REFRESH,
    /** What has changed since the state was made; needs a {@link Cursor}. */
    INCREMENTAL
}
