package dev.headrace.sse;

import dev.headrace.json.Codec;
import java.util.Objects;
import java.util.function.Supplier;

/** The data of each event, read by a codec. */
record ValueShape<T>(Codec<T> codec) implements EventShape<T> {

    @Override
    public T of(EventFinder found, byte[] array) {
        return value(array, found.from(), found.to(), found::id, found.name());
    }

    /** The id is asked for only if the data is no value. */
    T value(byte[] array, int from, int to, Supplier<String> id, String name) {
        try {
            return Objects.requireNonNull(codec.decode(array, from, to), "a codec returned null");
        } catch (RuntimeException e) {
            throw new EventDataException(id.get(), name, e);
        }
    }
}
