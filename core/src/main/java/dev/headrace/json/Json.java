package dev.headrace.json;

import dev.headrace.Defaults;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.util.RawValue;

/**
 * Reads and writes whole JSON values with Jackson: unknown properties are ignored, {@code java.time} types are ISO 8601 text, trees and
 * maps keep every digit of a number, nesting ends at 500.
 */
public final class Json {

    // The one mapper: its caches of names and types are shared by all of the library.
    static final JsonMapper MAPPER = FasterBinding.addTo(JsonMapper.builder(JsonFactory.builder()
                            // Most parsers are made on event loops, of which there are few, and used up where they are
                            // made.
                            .recyclerPool(JsonRecyclerPools.threadLocalPool())
                            .streamReadConstraints(StreamReadConstraints.builder()
                                    .maxNestingDepth(Defaults.JSON_DEPTH_LIMIT)
                                    // What is decoded lies in memory already, under the limit of whoever put it there.
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                            .build())
                    // A snippet of the source in an exception could be a secret.
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    // For maps and lists of objects; trees have their own.
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES))
            .build();

    private Json() {}

    /**
     * Writes a value.
     *
     * @param value the value
     * @return UTF-8 JSON
     * @throws IllegalArgumentException if Jackson cannot write such a value
     */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw unwritable(value, e);
        }
    }

    /**
     * Writes a value as text.
     *
     * @param value the value
     * @return JSON on one line
     * @throws IllegalArgumentException if Jackson cannot write such a value
     */
    public static String writeText(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JacksonException e) {
            throw unwritable(value, e);
        }
    }

    private static IllegalArgumentException unwritable(Object value, JacksonException cause) {
        return new IllegalArgumentException(value.getClass().getName() + " cannot be written as JSON", cause);
    }

    /**
     * Reads a whole document.
     *
     * @param bytes UTF-8 JSON
     * @param type what to make of it
     * @param <T> the type of the value
     * @return the value
     * @throws DecodingException if the bytes are not exactly one such value
     */
    public static <T> T read(byte[] bytes, Class<T> type) {
        return Codec.of(type).decode(bytes, 0, bytes.length);
    }

    /**
     * Reads a whole document.
     *
     * @param bytes UTF-8 JSON
     * @param type what to make of it
     * @param <T> the type of the value
     * @return the value
     * @throws DecodingException if the bytes are not exactly one such value
     */
    public static <T> T read(byte[] bytes, TypeRef<T> type) {
        return Codec.of(type).decode(bytes, 0, bytes.length);
    }

    /**
     * Reads a whole document as a tree. Numbers keep every digit.
     *
     * @param bytes UTF-8 JSON
     * @return the tree; a {@link tools.jackson.databind.node.NullNode} for {@code null}
     * @throws DecodingException if the bytes are not exactly one JSON value
     */
    public static JsonNode tree(byte[] bytes) {
        return Codec.tree().decode(bytes, 0, bytes.length);
    }

    /**
     * JSON text as a node that is written as it is, digit for digit.
     *
     * @param json one JSON value
     * @return a node for writing; it cannot be looked into
     * @throws DecodingException if the text is not exactly one JSON value
     */
    public static JsonNode raw(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return JsonNodeFactory.instance.rawValueNode(new RawValue(JacksonCodec.text(bytes, 0, bytes.length)));
    }

    /**
     * Reads a whole document as a tree.
     *
     * @param json JSON text
     * @return as {@link #tree(byte[])}
     * @throws DecodingException if the text is not exactly one JSON value
     */
    public static JsonNode tree(String json) {
        JsonNode plain = PlainScalar.read(json);
        return plain != null ? plain : tree(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A value within a document, as it is written there, digit for digit.
     *
     * @param json JSON text
     * @param place where the value is
     * @return the value's text, or empty if the document has no such place
     * @throws DecodingException if the way to the value or the value itself is malformed; what lies behind it is not looked at
     */
    public static Optional<String> textAt(String json, Pointer place) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        RecordScanner scanner = RecordScanner.ofWhole(place, Math.max(1, bytes.length), Defaults.JSON_DEPTH_LIMIT);
        boolean found = scanner.next(bytes, 0, bytes.length);
        if (!found) {
            found = scanner.end(bytes, scanner.used(), bytes.length);
        }
        return found
                ? Optional.of(JacksonCodec.text(bytes, scanner.recordFrom(), scanner.recordTo()))
                : Optional.empty();
    }

    /**
     * A value as a tree, as if it had been written and read again.
     *
     * @param value the value
     * @return the tree
     * @throws IllegalArgumentException if Jackson cannot write such a value
     */
    public static JsonNode toTree(Object value) {
        return tree(write(value));
    }

    /**
     * A value as a node to be put into a tree: itself if it is one already.
     *
     * @param value a node, or a value as for {@link #toTree(Object)}
     * @return the node
     * @throws IllegalArgumentException if Jackson cannot write such a value
     */
    public static JsonNode node(Object value) {
        return value instanceof JsonNode node ? node : toTree(value);
    }

    /**
     * A tree as a value.
     *
     * @param tree the tree, or a part of one
     * @param type what to make of it
     * @param <T> the type of the value
     * @return the value
     * @throws DecodingException if the tree is not such a value
     */
    public static <T> T read(JsonNode tree, Class<T> type) {
        return new JacksonCodec<T>(type).convert(tree);
    }

    /**
     * A tree as a value.
     *
     * @param tree the tree, or a part of one
     * @param type what to make of it
     * @param <T> the type of the value
     * @return the value
     * @throws DecodingException if the tree is not such a value
     */
    public static <T> T read(JsonNode tree, TypeRef<T> type) {
        return new JacksonCodec<T>(type.type()).convert(tree);
    }
}
