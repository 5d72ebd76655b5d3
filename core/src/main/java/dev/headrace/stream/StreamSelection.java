package dev.headrace.stream;

import java.util.Objects;

/**
 * Which stream of a source is read, and how.
 *
 * @param name the stream's name
 * @param mode whole, or what has changed; a stream without cursor and without incremental parents is read whole in either
 */
public record StreamSelection(String name, SyncMode mode) {

    /**
     * Checks that all is there.
     *
     * @param name the stream's name
     * @param mode how it is read
     */
    public StreamSelection {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mode, "mode");
    }

    /**
     * A stream, read incrementally if it can be.
     *
     * @param name its name
     * @return the selection
     */
    public static StreamSelection of(String name) {
        return new StreamSelection(name, SyncMode.INCREMENTAL);
    }
}
