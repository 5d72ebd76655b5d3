package dev.headrace.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text as bytes. */
final class Utf8 {

    private Utf8() {}

    static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
