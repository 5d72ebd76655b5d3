package dev.headrace.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Where the strings, numbers and literals of JSON end, on plain bytes (RFC 8259 §3, §6, §7). */
final class Lexemes {

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOP_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private static final long LOW_BITS = ~TOP_BITS;
    // Makes one of '[' and '{', and of ']' and '}'; and what takes '{' and all above it to the top bit.
    private static final long ONE_CASE = ONES * ('[' ^ '{');
    private static final long FROM_BRACKETS = ONES * (0x80 - '{');

    private static final boolean[] QUOTE_OR_BRACKET = new boolean[1 << Byte.SIZE];

    static {
        for (char c : new char[] {'"', '{', '[', ']', '}'}) {
            QUOTE_OR_BRACKET[c] = true;
        }
    }

    private Lexemes() {}

    /** Index of the first quote or backslash, or {@code to}. */
    static int quoteOrBackslash(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(bytes, i);
            // A byte is zero where it equals what was looked for, and only a zero byte borrows into its own top bit;
            // bytes above the
            // lowest hit may be flagged wrongly, but only the lowest is used.
            long quote = eight ^ QUOTES;
            long backslash = eight ^ BACKSLASHES;
            long hits = ((quote - ONES & ~quote) | (backslash - ONES & ~backslash)) & TOP_BITS;
            if (hits != 0) {
                return i + first(hits);
            }
        }
        while (i < to && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /** Index of the first quote or bracket, or {@code to}. */
    static int quoteOrBracket(byte[] bytes, int from, int to) {
        // One look into a table for each byte; between two of these lie few others, too few for eight at a time.
        int i = from;
        while (i < to && !QUOTE_OR_BRACKET[bytes[i] & 0xFF]) {
            i++;
        }
        return i;
    }

    /** Eight bytes, the first one lowest; where there are fewer, zeros behind them. */
    static long eight(byte[] bytes, int from, int to) {
        if (from <= to - Long.BYTES) {
            return (long) EIGHT_BYTES.get(bytes, from);
        }
        long eight = 0;
        for (int i = to - 1; i >= from; i--) {
            eight = eight << Byte.SIZE | bytes[i] & 0xFF;
        }
        return eight;
    }

    /** Top bits of the bytes with an odd number of quotes up to them; other bits mean nothing. */
    static long oddQuotes(long eight) {
        long quotes = hits(eight, QUOTES) >>> Byte.SIZE - 1;
        // Each byte of the product is the sum of those up to it.
        return quotes * ONES << Byte.SIZE - 1;
    }

    /** Top bits of the backslashes. */
    static long backslashes(long eight) {
        return hits(eight, BACKSLASHES);
    }

    /** Top bits of the brackets, and of some others that only strings may have. */
    static long brackets(long eight) {
        return ((eight | ONE_CASE) & LOW_BITS) + FROM_BRACKETS & ~eight & TOP_BITS;
    }

    /** Top bits of all bytes that are wanted: no sum has a carry, so none is flagged wrongly. */
    private static long hits(long eight, long wanted) {
        return ~(((eight ^ wanted) & LOW_BITS) + LOW_BITS | eight) & TOP_BITS;
    }

    /** Index within eight bytes of the lowest that has its top bit set. */
    static int first(long topBits) {
        return Long.numberOfTrailingZeros(topBits) >>> 3;
    }

    /** Index of the first byte that no number and no literal can have, or {@code to}. */
    static int endOfScalar(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isOfScalar(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isOfScalar(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == 'E' || b == '-' || b == '+' || b == '.';
    }

    static boolean startsScalar(byte b) {
        return b >= '0' && b <= '9' || b == '-' || b == 't' || b == 'f' || b == 'n';
    }

    /** Whether the bytes are a number or one of the three literals. */
    static boolean isScalar(byte[] bytes, int from, int to) {
        return switch (bytes[from]) {
            case 't' -> is("true", bytes, from, to);
            case 'f' -> is("false", bytes, from, to);
            case 'n' -> isNull(bytes, from, to);
            default -> isNumber(bytes, from, to);
        };
    }

    static boolean isNull(byte[] bytes, int from, int to) {
        return is("null", bytes, from, to);
    }

    private static boolean is(String literal, byte[] bytes, int from, int to) {
        if (to - from != literal.length()) {
            return false;
        }
        for (int i = 0; i < literal.length(); i++) {
            if (bytes[from + i] != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(byte[] bytes, int from, int to) {
        int whole = bytes[from] == '-' ? from + 1 : from;
        int i = digits(bytes, whole, to);
        if (i == whole || bytes[whole] == '0' && i > whole + 1) {
            return false;
        }
        if (i < to && bytes[i] == '.') {
            int fraction = i + 1;
            i = digits(bytes, fraction, to);
            if (i == fraction) {
                return false;
            }
        }
        if (i < to && (bytes[i] == 'e' || bytes[i] == 'E')) {
            int exponent = i + 1;
            if (exponent < to && (bytes[exponent] == '+' || bytes[exponent] == '-')) {
                exponent++;
            }
            i = digits(bytes, exponent, to);
            if (i == exponent) {
                return false;
            }
        }
        return i == to;
    }

    private static int digits(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }
}
