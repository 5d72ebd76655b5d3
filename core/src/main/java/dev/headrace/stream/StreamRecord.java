package dev.headrace.stream;

import java.util.Objects;
import java.util.function.Function;

/**
 * One record.
 *
 * @param stream the stream's name
 * @param data the record
 * @param slice the slice it was read in; {@link Slice#EMPTY} where there are none
 * @param <T> the type of the record
 */
public record StreamRecord<T>(String stream, T data, Slice slice) implements Message<T> {

    /**
     * Checks that all is there.
     *
     * @param stream the stream's name
     * @param data the record
     * @param slice the slice it was read in
     */
    public StreamRecord {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(slice, "slice");
    }

    @Override
    public <R> R fold(
            Function<? super StreamRecord<T>, ? extends R> record,
            Function<? super Checkpoint<T>, ? extends R> checkpoint,
            Function<? super Notice<T>, ? extends R> notice) {
        return record.apply(this);
    }
}
