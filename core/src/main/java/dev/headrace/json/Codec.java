package dev.headrace.json;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns the bytes of one item into a value. Records are found before they are decoded, so a codec sees exactly one item and can be
 * anything that reads a byte range: Jackson, generated code, another library.
 *
 * <p>A codec is shared by all streams of its endpoint and must be safe for use by several threads at once.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface Codec<T> {

    /**
     * Decodes one item.
     *
     * <p>The array belongs to the stream and is reused as soon as this method returns: what is to stay must be copied. Called on the
     * thread that delivers the item, often an event loop, so it must not block.
     *
     * @param bytes the array the item lies in
     * @param from index of its first byte
     * @param to index behind its last byte
     * @return the value, never null
     * @throws DecodingException if the bytes are not a value of the type; its position counts from {@code from}. Any other exception
     *     ends the stream as the cause of one.
     */
    T decode(byte[] bytes, int from, int to);

    /**
     * Reads items that lie in one array, one behind the other, cheaper than each by itself: with one parser for all of them, say.
     *
     * @return a reader for one stream, or null (the default) if this codec has none, so that each item is decoded by itself
     */
    default @Nullable Batch<T> batch() {
        return null;
    }

    /**
     * Reads a run of items. One instance serves one stream, run after run; its methods are never called at the same time.
     *
     * <p>Items are read when they are asked for and not before. When one fails, the rest of the run is decoded item by item, so that an
     * error is always that of {@link Codec#decode} and its position is exact; a batch need not say what is wrong.
     *
     * @param <T> the type of the values
     */
    interface Batch<T> {

        /**
         * Begins with a run, in place of the one before, whether that was read to its end or not.
         *
         * @param bytes the array the items lie in; it stays as it is until the run has been read or another begins
         * @param from index of the first item's first byte
         * @param to index behind the last item's last byte; between items lies JSON's white space and nothing else
         */
        void begin(byte[] bytes, int from, int to);

        /**
         * Reads the next item of the run.
         *
         * @return the value, never null
         * @throws RuntimeException of any kind if it cannot; the item is then given to {@link Codec#decode}
         */
        T next();

        /**
         * Where the last item ended, to be held against where it should have.
         *
         * @return the index of the array behind it, or behind one byte of white space that follows it
         */
        int position();

        /**
         * Reads the next item, if it can be read and ends where it should.
         *
         * @param bytes the array the items lie in
         * @param to index behind the item's last byte
         * @return the value; null if the item and all behind it must be decoded by themselves, and {@link #end()} is due
         */
        default @Nullable T nextUpTo(byte[] bytes, int to) {
            try {
                T item = Objects.requireNonNull(next(), "a batch returned null");
                int position = position();
                // Behind a number, the one byte of white space that ends it may have been taken too.
                boolean whole = position == to || position == to + 1 && position < bytes.length && bytes[to] <= ' ';
                return whole ? item : null;
            } catch (RuntimeException e) {
                // Decoded by itself, the item tells what is wrong with it, and where.
                return null;
            }
        }

        /** The run is over; gives back what it held. Not called for a stream that is given up within a run. */
        void end();
    }

    /**
     * The same codec, for items that fit a schema. Each item is parsed once more for that.
     *
     * @param schema what an item must fit
     * @return a codec that throws {@link SchemaViolationException} of kind {@link dev.headrace.error.FailureKind#UNTRUSTED_DATA} for an item
     *     that does not
     */
    default Codec<T> validated(JsonSchema schema) {
        return new ValidatedCodec<>(this, schema);
    }

    /**
     * Binds each item to a class or record with Jackson.
     *
     * <p>Properties the type does not have are ignored, {@code java.time} types are read from ISO 8601, and Jackson's annotations are
     * respected. A primitive that is missing or null is a {@link DecodingException}: use a wrapper such as {@link Long} for what may be
     * left out. So is the JSON literal {@code null} as an item, unless the type has a value for it, as {@link java.util.Optional} has.
     *
     * @param type what to make of each item
     * @param <T> the type of the values
     * @return the codec
     * @throws IllegalArgumentException if Jackson cannot make sense of the type
     */
    static <T> Codec<T> of(Class<T> type) {
        return new JacksonCodec<>(type);
    }

    /**
     * Binds each item to a type with arguments; as {@link #of(Class)} in everything else.
     *
     * @param type what to make of each item
     * @param <T> the type of the values
     * @return the codec
     * @throws IllegalArgumentException if Jackson cannot make sense of the type
     */
    static <T> Codec<T> of(TypeRef<T> type) {
        return new JacksonCodec<>(type.type());
    }

    /**
     * Reads each item as a tree. Numbers keep every digit; the literal {@code null} is a {@link tools.jackson.databind.node.NullNode}.
     *
     * @return the codec
     */
    static Codec<JsonNode> tree() {
        return JacksonCodec.TREE;
    }

    /**
     * Gives each item as the JSON text it came as, digit for digit, after checking that it is well-formed.
     *
     * @return the codec
     */
    static Codec<String> text() {
        return JacksonCodec::text;
    }
}
