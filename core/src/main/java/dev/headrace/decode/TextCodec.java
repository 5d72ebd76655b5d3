package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Text in a charset. Bytes that are none are a failure that says where, not U+FFFD. */
record TextCodec(Charset charset) implements Codec<String> {

    private static final char REPLACEMENT = '\uFFFD';
    private static final int ASCII = 128;

    TextCodec {
        Objects.requireNonNull(charset, "charset");
    }

    /**
     * Text that is cut at bytes of ASCII.
     *
     * @throws IllegalArgumentException if such a byte does not always stand for its character
     */
    static TextCodec cutAtAscii(Charset charset) {
        byte[] bytes = new byte[ASCII];
        char[] characters = new char[ASCII];
        for (int i = 0; i < ASCII; i++) {
            bytes[i] = (byte) i;
            characters[i] = (char) i;
        }
        if (!new String(bytes, charset).equals(new String(characters))) {
            throw new IllegalArgumentException(charset
                    + " cannot be cut into lines by its bytes; only charsets that extend ASCII can, such as UTF-8,"
                    + " ISO-8859-1 and windows-1252");
        }
        return new TextCodec(charset);
    }

    boolean isUtf8() {
        return charset.equals(StandardCharsets.UTF_8);
    }

    /** Whether a byte of ASCII may also be the second byte of another character. */
    boolean hasWithinCharacters(char ascii) {
        for (int first = ASCII; first < 2 * ASCII; first++) {
            String text = new String(new byte[] {(byte) first, (byte) ascii}, charset);
            if (text.indexOf(REPLACEMENT) < 0 && text.charAt(text.length() - 1) != ascii) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String decode(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, charset);
        // Java's own way is by far the fastest, but replaces what is malformed; and what it found may be a real U+FFFD.
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireText(bytes, from, to);
        }
        return text;
    }

    private void requireText(byte[] bytes, int from, int to) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from + 1);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            throw new DecodingException(
                    String.format("expected text in %s but found byte 0x%02X", charset, in.get(in.position())),
                    in.position() - from,
                    DecodingException.UNKNOWN,
                    null);
        }
    }
}
