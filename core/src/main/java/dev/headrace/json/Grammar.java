package dev.headrace.json;

import org.jspecify.annotations.Nullable;

/**
 * What JSON allows next, and which brackets are open (RFC 8259 §2). Methods that take a byte say what is wrong with it, or null if
 * nothing is.
 */
final class Grammar {

    private enum Expected {
        VALUE("a value"),
        VALUE_OR_CLOSE("a value or ']'"),
        KEY("a key"),
        KEY_OR_CLOSE("a key or '}'"),
        COLON("':'"),
        COMMA_OR_CLOSE("',' or a closing bracket"),
        END("nothing behind the document");

        private final String words;

        Expected(String words) {
            this.words = words;
        }
    }

    // In ASCII a closing bracket stands two behind the opening one.
    private static final int TO_CLOSING = 2;

    private final byte[] brackets;
    private int depth;
    private Expected expected = Expected.VALUE;

    Grammar(int depthLimit) {
        this.brackets = new byte[depthLimit];
    }

    /** Number of brackets that are open. */
    int depth() {
        return depth;
    }

    boolean isInArray() {
        return depth > 0 && brackets[depth - 1] == '[';
    }

    /** Whether a string that begins now is a key. */
    boolean expectsKey() {
        return expected == Expected.KEY || expected == Expected.KEY_OR_CLOSE;
    }

    /** Whether the document can end here. */
    boolean isComplete() {
        return expected == Expected.END;
    }

    /** Why the document cannot end here, or null if it can. */
    @Nullable
    String end() {
        if (isComplete()) {
            return null;
        }
        return depth == 0
                ? "the document is empty"
                : "the document ends with " + depth + " brackets open; it was cut short";
    }

    @Nullable
    String beginValue(byte first) {
        return expected == Expected.VALUE || expected == Expected.VALUE_OR_CLOSE ? null : unexpected(first);
    }

    void endValue() {
        expected = depth == 0 ? Expected.END : Expected.COMMA_OR_CLOSE;
    }

    void endKey() {
        expected = Expected.COLON;
    }

    @Nullable
    String colon() {
        if (expected != Expected.COLON) {
            return unexpected((byte) ':');
        }
        expected = Expected.VALUE;
        return null;
    }

    @Nullable
    String comma() {
        if (expected != Expected.COMMA_OR_CLOSE) {
            return unexpected((byte) ',');
        }
        expected = isInArray() ? Expected.VALUE : Expected.KEY;
        return null;
    }

    @Nullable
    String open(byte bracket) {
        expected = bracket == '[' ? Expected.VALUE_OR_CLOSE : Expected.KEY_OR_CLOSE;
        return push(bracket);
    }

    @Nullable
    String close(byte bracket) {
        return switch (expected) {
            case VALUE_OR_CLOSE, KEY_OR_CLOSE, COMMA_OR_CLOSE -> pop(bracket);
            default -> unexpected(bracket);
        };
    }

    /** Opens a bracket whatever was expected: within records only brackets are looked at. */
    @Nullable
    String push(byte bracket) {
        if (depth == brackets.length) {
            return "the document is nested deeper than the limit of " + brackets.length;
        }
        brackets[depth++] = bracket;
        return null;
    }

    /** Closes a bracket whatever was expected. */
    @Nullable
    String pop(byte bracket) {
        int closing = brackets[depth - 1] + TO_CLOSING;
        if (bracket != closing) {
            return "expected '" + (char) closing + "' but found " + shown(bracket);
        }
        depth--;
        return null;
    }

    String unexpected(byte found) {
        return "expected " + expected.words + " but found " + shown(found);
    }

    static String shown(byte found) {
        return found > ' ' && found < 0x7F ? "'" + (char) found + "'" : String.format("byte 0x%02X", found);
    }
}
