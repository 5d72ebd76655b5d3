package dev.headrace.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text from bytes as the Encoding Standard wants it (WHATWG Encoding §8.1), which is not quite what Java does. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    static String decode(byte[] array, int from, int to) {
        String text = new String(array, from, to - from, StandardCharsets.UTF_8);
        // Latin-1 strings answer at once, so nearly all text pays nothing.
        return text.indexOf(REPLACEMENT) >= 0 ? replacingByteByByte(Arrays.copyOfRange(array, from, to)) : text;
    }

    /**
     * Java replaces an encoded surrogate (ED A0..BF and another byte) by one U+FFFD, the standard each of its bytes by one: so its lead byte
     * becomes one that never occurs.
     */
    private static String replacingByteByByte(byte[] copy) {
        for (int i = 0; i < copy.length - 1; i++) {
            if (copy[i] == (byte) 0xED && (copy[i + 1] & 0xE0) == 0xA0) {
                copy[i] = (byte) 0xFF;
            }
        }
        return new String(copy, StandardCharsets.UTF_8);
    }

    /** Where the last whole character before an index ends: a cut there leaves no half of one. */
    static int endOfCharacters(byte[] array, int from, int to) {
        int lead = to - 1;
        while (lead >= from && to - lead < 4 && (array[lead] & 0xC0) == 0x80) {
            lead--;
        }
        if (lead < from) {
            return to;
        }
        int first = array[lead] & 0xFF;
        int length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        return lead + length > to ? lead : to;
    }
}
