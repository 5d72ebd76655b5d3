package dev.headrace.sse;

import java.nio.charset.StandardCharsets;

/** Text from bytes as the Encoding Standard wants it (WHATWG Encoding §8.1), which is not quite what Java does. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** Decodes bytes that the caller will not read again: malformed ones may be overwritten. */
    static String decode(byte[] array, int from, int to) {
        String text = new String(array, from, to - from, StandardCharsets.UTF_8);
        // Latin-1 strings answer at once, so nearly all text pays nothing.
        return text.indexOf(REPLACEMENT) >= 0 && spoilSurrogates(array, from, to)
                ? new String(array, from, to - from, StandardCharsets.UTF_8)
                : text;
    }

    /**
     * Overwrites the lead byte of encoded surrogates (ED A0..BF) by one that never occurs: Java replaces such a sequence by one
     * U+FFFD, the standard by one for each byte.
     */
    private static boolean spoilSurrogates(byte[] array, int from, int to) {
        boolean found = false;
        for (int i = from; i < to - 1; i++) {
            if (array[i] == (byte) 0xED && (array[i + 1] & 0xE0) == 0xA0) {
                array[i] = (byte) 0xFF;
                found = true;
            }
        }
        return found;
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
