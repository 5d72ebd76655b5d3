package dev.headrace.json;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in a JSON document (RFC 6901): {@code /data/items} leads to the value of {@code items} in the object {@code data},
 * {@code /0} to the first element of an array, the empty string to the whole document. In a key, {@code ~1} stands for a slash and
 * {@code ~0} for a tilde.
 *
 * @param keys the keys and indices on the way, unescaped; empty for the whole document
 */
public record Pointer(List<String> keys) {

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
