package dev.headrace.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A place in a JSON document (RFC 6901): {@code /data/items} leads to the value of {@code items} in the object {@code data},
 * {@code /0} to the first element of an array, the empty string to the whole document. In a key, {@code ~1} stands for a slash and
 * {@code ~0} for a tilde.
 *
 * @param keys the keys and indices on the way, unescaped; empty for the whole document
 */
public record Pointer(List<String> keys) {

    // RFC 6901 §4: digits without a leading zero.
    static final String INDEX = "0|[1-9][0-9]{0,8}";

    /** The whole document. */
    public static final Pointer ROOT = new Pointer(List.of());

    /**
     * Creates a pointer.
     *
     * @param keys the keys and indices on the way, unescaped
     */
    public Pointer {
        keys = List.copyOf(keys);
    }

    /**
     * Reads a pointer in its string form (RFC 6901 §3).
     *
     * @param text empty, or a slash before each key
     * @return the pointer
     * @throws IllegalArgumentException if the text has no slash in front, or a tilde without 0 or 1 behind it
     */
    public static Pointer of(String text) {
        if (text.isEmpty()) {
            return ROOT;
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException(
                    "JSON pointer '" + text + "' must be empty or begin with a slash, such as '/data/items'");
        }
        List<String> keys = new ArrayList<>();
        for (String key : text.substring(1).split("/", -1)) {
            keys.add(unescape(key, text));
        }
        return new Pointer(keys);
    }

    private static String unescape(String key, String text) {
        for (int tilde = key.indexOf('~'); tilde >= 0; tilde = key.indexOf('~', tilde + 1)) {
            char next = tilde + 1 < key.length() ? key.charAt(tilde + 1) : ' ';
            if (next != '0' && next != '1') {
                throw new IllegalArgumentException(
                        "JSON pointer '" + text + "' has a '~' that is neither '~0' (tilde) nor '~1' (slash)");
            }
        }
        // ~1 first: ~01 is the escaped form of ~1 (RFC 6901 §4).
        return key.replace("~1", "/").replace("~0", "~");
    }

    /**
     * Whether this place is another or lies within it.
     *
     * @param other a place
     * @return true if the other's keys lead the way to this one
     */
    public boolean isWithin(Pointer other) {
        int length = other.keys.size();
        return length <= keys.size() && keys.subList(0, length).equals(other.keys);
    }

    /**
     * The way from a place to this one, which lies within it.
     *
     * @param other a place that this one {@linkplain #isWithin lies within}
     * @return the keys behind those of the other
     */
    public Pointer from(Pointer other) {
        return new Pointer(keys.subList(other.keys.size(), keys.size()));
    }

    /**
     * The value at this place of a tree.
     *
     * @param tree the document
     * @return the value, or empty if there is none; {@code null} is a value
     */
    public Optional<JsonNode> in(JsonNode tree) {
        JsonNode node = tree;
        for (String key : keys) {
            JsonNode child = node.isArray() && key.matches(INDEX) ? node.get(Integer.parseInt(key)) : node.get(key);
            if (child == null) {
                return Optional.empty();
            }
            node = child;
        }
        return Optional.of(node);
    }

    /**
     * A tree with another value at this place. Containers that are missing on the way become objects; an array takes the index of one of its
     * elements, or the one behind the last.
     *
     * @param tree the document; it stays as it is
     * @param value the value to be there
     * @return a new tree, which shares with the old one what did not change
     * @throws IllegalArgumentException if a value on the way has no such place
     */
    public JsonNode put(JsonNode tree, JsonNode value) {
        return put(tree, value, 0);
    }

    private JsonNode put(@Nullable JsonNode node, JsonNode value, int depth) {
        if (depth == keys.size()) {
            return value;
        }
        String key = keys.get(depth);
        if (node == null || node.isNull() || node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            if (node != null && node.isObject()) {
                node.forEachEntry(object::set);
            }
            object.set(key, put(object.get(key), value, depth + 1));
            return object;
        }
        int index = node.isArray() && key.matches(INDEX) ? Integer.parseInt(key) : node.size() + 1;
        if (!node.isArray() || index > node.size()) {
            throw new IllegalArgumentException("There is no place for '" + this + "': '" + head(depth) + "' is "
                    + (node.isArray() ? "an array of " + node.size() : "neither object nor array"));
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        node.forEach(array::add);
        JsonNode changed = put(array.get(index), value, depth + 1);
        if (index == array.size()) {
            array.add(changed);
        } else {
            array.set(index, changed);
        }
        return array;
    }

    /**
     * The way to a value that lies one step short of this or at it.
     *
     * @param length number of keys, up to all of them
     * @return a pointer to an ancestor, or this
     */
    Pointer head(int length) {
        return new Pointer(keys.subList(0, length));
    }

    /** The string form (RFC 6901 §3). */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String key : keys) {
            text.append('/').append(key.replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }
}
