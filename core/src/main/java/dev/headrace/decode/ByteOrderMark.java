package dev.headrace.decode;

/** The three bytes that some put before UTF-8. They say nothing, and are no part of the text (Unicode 16.0 §23.8). */
final class ByteOrderMark {

    static final int LENGTH = 3;

    private static final byte[] BYTES = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private ByteOrderMark() {}

    /** How many of its bytes stand at the window's start: all, or as many as there are, or none if something else does. */
    static int matched(ByteWindow bytes) {
        int length = Math.min(LENGTH, bytes.length());
        for (int i = 0; i < length; i++) {
            if (bytes.array()[bytes.start() + i] != BYTES[i]) {
                return 0;
            }
        }
        return length;
    }
}
