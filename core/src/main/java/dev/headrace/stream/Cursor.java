package dev.headrace.stream;

import dev.headrace.pagination.Placement;

/**
 * What a stream is read incrementally by: a value in each record that grows, or a token that the remote gives for the next time. Immutable.
 *
 * <pre>{@code
 * Cursor.datetime("/updated_at").startingAt(Instant.parse("2024-01-01T00:00:00Z")).lookback(ofHours(1)).intoQuery("since")
 * Cursor.incrementing("/id").intoQuery("since_id")
 * Cursor.token("/nextSyncToken", Placement.query("syncToken"))
 * Cursor.deltaLink("/@odata.deltaLink")
 * }</pre>
 */
public sealed interface Cursor permits DatetimeCursor, IncrementingCursor, TokenCursor {

    /**
     * A time in each record, such as that of its last change.
     *
     * @param pointer where in a record it is (RFC 6901)
     * @return a cursor that begins at the beginning and looks back one second
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static DatetimeCursor datetime(String pointer) {
        return DatetimeCursor.at(pointer);
    }

    /**
     * A number in each record that is greater for newer ones, such as an id.
     *
     * @param pointer where in a record it is (RFC 6901); a number, or text that is one
     * @return a cursor that begins at the beginning
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static IncrementingCursor incrementing(String pointer) {
        return IncrementingCursor.at(pointer);
    }

    /**
     * A token on the last page, which asks for what has changed since. When the remote has forgotten it (410), all is read anew.
     *
     * @param pointer where on the last page it is, such as {@code /nextSyncToken}
     * @param placement where it goes in the first request of the next run
     * @return the cursor
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static TokenCursor token(String pointer, Placement placement) {
        return TokenCursor.token(pointer, placement);
    }

    /**
     * A link on the last page that leads to what has changed since; otherwise as {@link #token}. It is followed as it is, so parameters of
     * the endpoint are not added; a relative one refers to the page.
     *
     * @param pointer where on the last page it is, such as {@code /@odata.deltaLink}
     * @return the cursor
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static TokenCursor deltaLink(String pointer) {
        return TokenCursor.link(pointer);
    }

    /**
     * Where the value is: in each record, or for tokens on the last page.
     *
     * @return a JSON Pointer
     */
    String pointer();
}
