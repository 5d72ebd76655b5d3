package dev.headrace.benchmarks;

import dev.headrace.json.DecodingException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** A byte range read as JSON (RFC 8259) from left to right, by one who knows what comes next. */
final class JsonRange {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final long EXACT = 1L << 53;

    private final byte[] bytes;
    private final int from;
    private final int to;
    private int at;

    JsonRange(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.at = from;
    }

    /** Names with their quotes, as {@link #property} looks for them. */
    static byte[][] names(String... names) {
        return Stream.of(names)
                .map(name -> ('"' + name + '"').getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    void open(char bracket) {
        if (token() != bracket) {
            throw failure("expected " + bracket);
        }
        at++;
    }

    /** Whether another member follows; steps over the comma before it, or over the closing bracket. */
    boolean more(boolean first, char close) {
        byte token = token();
        if (token == close) {
            at++;
            return false;
        }
        if (!first) {
            if (token != ',') {
                throw failure("expected a comma or " + close);
            }
            at++;
        }
        return true;
    }

    /** Reads a property's name and the colon: its index, or -1 if it is none of these. The likely one is tried first. */
    int property(byte[][] names, int likely) {
        token();
        int found = likely < names.length && matches(names[likely]) ? likely : search(names);
        if (found >= 0) {
            at += names[found].length;
        } else {
            text();
        }
        if (token() != ':') {
            throw failure("expected a colon");
        }
        at++;
        return found;
    }

    private int search(byte[][] names) {
        for (int i = 0; i < names.length; i++) {
            if (matches(names[i])) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(byte[] name) {
        return to - at >= name.length && Arrays.equals(bytes, at, at + name.length, name, 0, name.length);
    }

    String text() {
        if (token() != '"') {
            throw failure("expected a text");
        }
        int start = ++at;
        at = quoteOrBackslash(at);
        if (bytes[at] == '"') {
            return new String(bytes, start, at++ - start, StandardCharsets.UTF_8);
        }
        return escaped(start);
    }

    private String escaped(int start) {
        StringBuilder text = new StringBuilder();
        int plain = start;
        while (true) {
            text.append(new String(bytes, plain, at - plain, StandardCharsets.UTF_8));
            if (bytes[at] == '"') {
                at++;
                return text.toString();
            }
            at++;
            text.append(escape());
            plain = at;
            at = quoteOrBackslash(at);
        }
    }

    private char escape() {
        byte kind = current();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> (char) kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw failure("an unknown escape");
        };
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = Character.digit(current(), 16);
            if (digit < 0) {
                throw failure("expected four hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private int quoteOrBackslash(int start) {
        int i = start;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            long quote = word ^ QUOTES;
            long backslash = word ^ BACKSLASHES;
            long found = ((quote - ONES & ~quote) | (backslash - ONES & ~backslash)) & HIGHS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                return i;
            }
        }
        throw failure("a text without an end");
    }

    long integer() {
        boolean negative = token() == '-';
        if (negative) {
            at++;
        }
        int start = at;
        long value = 0;
        for (; at < to && isDigit(bytes[at]); at++) {
            value = Math.addExact(Math.multiplyExact(value, 10L), bytes[at] - '0');
        }
        if (at == start) {
            throw failure("expected an integer");
        }
        return negative ? -value : value;
    }

    /** A double: exact by one division where digits and power of ten are exact doubles, by the JDK otherwise. */
    double decimal() {
        boolean negative = token() == '-';
        int start = at;
        if (negative) {
            at++;
            current();
        }
        long digits = 0;
        int fraction = -1;
        for (; at < to; at++) {
            byte b = bytes[at];
            if (isDigit(b) && digits < EXACT / 10) {
                digits = digits * 10 + (b - '0');
                fraction += fraction >= 0 ? 1 : 0;
            } else if (b == '.' && fraction < 0) {
                fraction = 0;
            } else {
                break;
            }
        }
        if (at < to && isNumeric(bytes[at]) || fraction >= TENS.length) {
            return parsed(start);
        }
        // JSON wants a digit on both sides of the point.
        if (fraction == 0 || !isDigit(bytes[negative ? start + 1 : start])) {
            throw failure("expected a number");
        }
        double value = digits / TENS[Math.max(0, fraction)];
        return negative ? -value : value;
    }

    private double parsed(int start) {
        while (at < to && isNumeric(bytes[at])) {
            at++;
        }
        try {
            return Double.parseDouble(new String(bytes, start, at - start, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            throw failure("expected a number");
        }
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isNumeric(byte b) {
        return isDigit(b) || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
    }

    boolean flag() {
        boolean value = token() == 't';
        literal(value ? "true" : "false");
        return value;
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (current() != word.charAt(i)) {
                throw failure("expected " + word);
            }
        }
    }

    /** Steps over any value. */
    void skip() {
        switch (token()) {
            case '"' -> text();
            case '{' -> skipObject();
            case '[' -> skipArray();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> decimal();
        }
    }

    private void skipObject() {
        open('{');
        for (boolean first = true; more(first, '}'); first = false) {
            property(new byte[0][], 0);
            skip();
        }
    }

    private void skipArray() {
        open('[');
        for (boolean first = true; more(first, ']'); first = false) {
            skip();
        }
    }

    /** Nothing but white space may follow. */
    void end() {
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        if (at < to) {
            throw failure("expected the end");
        }
    }

    private byte token() {
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return current();
    }

    private byte current() {
        if (at >= to) {
            throw failure("the JSON ends too early");
        }
        return bytes[at];
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    DecodingException failure(String problem) {
        return new DecodingException(problem, at - from, DecodingException.UNKNOWN, null);
    }
}
