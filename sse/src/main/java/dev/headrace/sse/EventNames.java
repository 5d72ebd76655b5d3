package dev.headrace.sse;

import java.util.Arrays;

/** The names a stream uses again and again, each made into a string once. */
final class EventNames {

    private static final int SLOTS = 16;
    private static final int LONGEST = 64;

    // Made with the first name, for many streams have none.
    private byte[][] keys = {};
    private String[] names = {};
    // Most events have the name of the one before.
    private int last;

    /** The name in a range of bytes; a missing one is {@code message} (WHATWG HTML §9.2.6). */
    String get(byte[] array, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return SseEvent.MESSAGE;
        }
        if (length > LONGEST) {
            return Utf8.decode(array, from, to);
        }
        if (keys.length == 0) {
            keys = new byte[SLOTS][0];
            names = new String[SLOTS];
        }
        if (isKey(keys[last], array, from, length)) {
            return names[last];
        }
        int slot = hash(array, from, to) & SLOTS - 1;
        last = slot;
        byte[] key = keys[slot];
        if (!isKey(key, array, from, length)) {
            keys[slot] = Arrays.copyOfRange(array, from, to);
            names[slot] = Utf8.decode(array, from, to);
        }
        return names[slot];
    }

    /** By hand, for names are short. */
    private static boolean isKey(byte[] key, byte[] array, int from, int length) {
        if (key.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (key[i] != array[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(byte[] array, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + array[i];
        }
        return hash ^ hash >>> 8;
    }
}
