package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.util.Objects;

/** Reads one item after the other with a codec, and says which one it was that failed. */
final class ItemReader<T> {

    private final Codec<T> codec;
    private long index;

    ItemReader(Codec<T> codec) {
        this.codec = codec;
    }

    /** How many items have been read; the index of the next one. */
    long index() {
        return index;
    }

    /** Reads the item that begins at a position of the stream. */
    T read(byte[] bytes, int from, int to, long position) {
        T item;
        try {
            item = Objects.requireNonNull(codec.decode(bytes, from, to), "a codec returned null");
        } catch (DecodingException e) {
            throw e.within(position, index);
        } catch (RuntimeException e) {
            throw new DecodingException("the codec failed: " + e.getClass().getName(), position, index, e);
        }
        index++;
        return item;
    }
}
