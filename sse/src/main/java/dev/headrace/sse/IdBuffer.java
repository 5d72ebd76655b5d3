package dev.headrace.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An id as it came. It becomes text when somebody asks, for many readers never do; and the text is kept only if it is asked for once more,
 * for to store a new object in one that lives as long as the connection costs more than to make it.
 */
final class IdBuffer {

    private static final byte[] NONE = {};
    private static final int FIRST_CAPACITY = 32;
    /** More is not kept for smaller ones. */
    private static final int LARGE = 4 * 1024;

    private byte[] bytes = NONE;
    private int length;
    private @Nullable String text = "";
    private boolean asked;

    IdBuffer() {}

    IdBuffer(String id) {
        bytes = id.getBytes(StandardCharsets.UTF_8);
        length = bytes.length;
        text = id;
    }

    boolean holds(byte[] array, int from, int to) {
        // Ids that count differ at their end.
        return to - from == length
                && (length == 0 || bytes[length - 1] == array[to - 1])
                && Arrays.equals(bytes, 0, length, array, from, to);
    }

    void set(byte[] array, int from, int to) {
        int size = to - from;
        if (size > bytes.length || bytes.length > LARGE && size <= LARGE) {
            bytes = new byte[Math.max(FIRST_CAPACITY, size)];
        }
        System.arraycopy(array, from, bytes, 0, size);
        length = size;
        if (text != null) {
            text = null;
        }
        asked = false;
    }

    void set(IdBuffer other) {
        set(other.bytes, 0, other.length);
        if (other.text != null) {
            text = other.text;
        }
    }

    int length() {
        return length;
    }

    void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, length);
    }

    String text() {
        String known = text;
        if (known != null) {
            return known;
        }
        String made = Utf8.decode(bytes, 0, length);
        if (asked) {
            text = made;
        }
        asked = true;
        return made;
    }
}
