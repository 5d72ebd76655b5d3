package dev.headrace.decode;

/** The three bytes that some put before UTF-8. They say nothing, and are no part of the text (Unicode 16.0 §23.8). */
final class ByteOrderMark {

    static final int LENGTH = 3;

    private static final byte[] BYTES = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private ByteOrderMark() {}

    /** How many of its bytes stand at the window's start: all, or as many as there are, or none if something else does. */
    static int matched(ByteWindow bytes) {
        return matched(bytes.array(), bytes.start(), bytes.end());
    }

    static int matched(byte[] bytes, int from, int to) {
        int length = Math.min(LENGTH, to - from);
        for (int i = 0; i < length; i++) {
            if (bytes[from + i] != BYTES[i]) {
                return 0;
            }
        }
        return length;
    }
}
