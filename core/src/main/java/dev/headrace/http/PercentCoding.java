package dev.headrace.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent coding (RFC 3986 §2): values are encoded whole, literals only where they could not stand in a URI. */
final class PercentCoding {

    private static final String UNRESERVED_MARKS = "-._~";
    private static final String RESERVED = ":/?#[]@!$&'()*+,;=";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentCoding() {}

    /** Encodes everything but unreserved characters, as a value in a path segment or a query (RFC 6570 §3.2.2). */
    static String encodeValue(String value) {
        return encode(value, false);
    }

    /**
     * Encodes only what may not stand in a URI. What is encoded already stays as it is, so that nothing is encoded twice.
     */
    static String encodeLiteral(String literal) {
        return encode(literal, true);
    }

    private static String encode(String text, boolean literal) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int width = Character.charCount(codePoint);
            boolean keep =
                    isUnreserved(codePoint) || literal && (RESERVED.indexOf(codePoint) >= 0 || isEscape(text, i));
            if (!keep && out == null) {
                out = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (out != null) {
                if (keep) {
                    out.appendCodePoint(codePoint);
                } else {
                    for (byte b : text.substring(i, i + width).getBytes(StandardCharsets.UTF_8)) {
                        out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
                    }
                }
            }
            i += width;
        }
        return out == null ? text : out.toString();
    }

    /** Decodes escapes as UTF-8; a stray percent sign stays. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); ) {
            if (isEscape(text, i)) {
                bytes.write(Character.digit(text.charAt(i + 1), 16) << 4 | Character.digit(text.charAt(i + 2), 16));
                i += 3;
            } else {
                int next = text.offsetByCodePoints(i, 1);
                bytes.writeBytes(text.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED_MARKS.indexOf(c) >= 0;
    }

    /** Whether an escape begins at an index. */
    static boolean isEscape(String text, int percent) {
        return text.charAt(percent) == '%'
                && percent + 2 < text.length()
                && isHex(text.charAt(percent + 1))
                && isHex(text.charAt(percent + 2));
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
