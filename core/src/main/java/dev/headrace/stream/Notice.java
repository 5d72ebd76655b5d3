package dev.headrace.stream;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that whoever runs a stream may want to know, and that does not end it.
 *
 * @param stream the stream's name
 * @param kind what kind of thing
 * @param text what happened, to what; holds no secret
 * @param slice where; {@link Slice#EMPTY} if it is about the stream
 * @param failure what made it happen, if something failed
 * @param <T> the type of the stream's records
 */
public record Notice<T>(String stream, Kind kind, String text, Slice slice, Optional<Throwable> failure)
        implements Message<T> {

    /** Kinds of notices. */
    public enum Kind {
        /** Records have properties that the schema does not name; said once for each. */
        SCHEMA_DRIFT,
        /** Records do not fit the schema, and are left out if the stream says so; each kind of violation is said once. */
        INVALID_RECORD,
        /** Reading a slice failed, and the stream goes on with others ({@link RecordStream#sliceErrorsAsNotices}). */
        SLICE_FAILED,
        /** A slice is read from its beginning again, or from behind a key, since the token for its next page was refused. */
        SLICE_RESTARTED,
        /** A slice is read in smaller parts, since the remote shows no more than so many records of one. */
        SLICE_SPLIT,
        /** The remote has forgotten the token for changes, so all is read anew; what it does not show any more has been deleted. */
        RESYNC,
        /** There are too many slices to keep the progress of each; the next run goes on from one cursor for all. */
        STATE_SHORTENED,
        /** Records have no value for the cursor, or one it cannot read; they are emitted and move nothing. Said once for each slice. */
        CURSOR_MISSING
    }

    /**
     * Checks that all is there.
     *
     * @param stream the stream's name
     * @param kind what kind of thing
     * @param text what happened, to what
     * @param slice where
     * @param failure what made it happen
     */
    public Notice {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(slice, "slice");
        Objects.requireNonNull(failure, "failure");
    }

    /** The same among records of another type. */
    <R> Notice<R> ofOthers() {
        return new Notice<>(stream, kind, text, slice, failure);
    }

    @Override
    public <R> R fold(
            Function<? super StreamRecord<T>, ? extends R> record,
            Function<? super Checkpoint<T>, ? extends R> checkpoint,
            Function<? super Notice<T>, ? extends R> notice) {
        return notice.apply(this);
    }
}
