package dev.headrace.stream;

import dev.headrace.decode.Extracted;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What happens while slices are read, side by side perhaps, in the order in which it is merged.
 *
 * @param <T> the type of the records
 */
sealed interface Step<T> {

    /** A record has come. */
    record Read<T>(
            SlicePart part,
            Extracted<Object> record,
            @Nullable Position position) implements Step<T> {}

    /** All records of a page have come, and there is another. */
    record PageRead<T>(
            SlicePart part, @Nullable String next, @Nullable String lastKey) implements Step<T> {}

    /** All of a part has been read. */
    record PartRead<T>(SlicePart part, @Nullable Position token) implements Step<T> {}

    /** The first records of a part have been read; what is left of it is another part. */
    record Narrowed<T>(SlicePart part, SlicePart rest) implements Step<T> {}

    /** A part is read again in two. */
    record Halved<T>(SlicePart part, Position middle) implements Step<T> {}

    /** A part is read again from its beginning, or from behind a key. */
    record Restarted<T>(SlicePart part, @Nullable String after, Throwable failure) implements Step<T> {}

    /** The token of a slice is forgotten, so all of it is read. */
    record Resynced<T>(SlicePart part, Throwable failure) implements Step<T> {}

    /** A part cannot be read. */
    record Failed<T>(SlicePart part, Throwable failure) implements Step<T> {}

    /** There is nothing to read in a slice. */
    record NothingToRead<T>(SliceReading slice) implements Step<T> {}

    /** A parent has come so far, once so many slices have been read. */
    record ParentRead<T>(String parent, JsonNode state, long slices) implements Step<T> {}

    /** A parent has something to say. */
    record Said<T>(Notice<T> notice) implements Step<T> {}

    /** All slices have been read. */
    record AllRead<T>() implements Step<T> {}
}
