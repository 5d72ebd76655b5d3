package dev.headrace.decode;

import dev.headrace.json.DecodingException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of CSV (RFC 4180 §2) and counts their fields, wherever the bytes are cut; nothing is scanned twice. It is strict about
 * quotes and line breaks, because what reads the row afterwards must see the same fields. Failures count from the row's first byte.
 */
final class CsvRowScanner {

    /** Where in a row the next byte stands. */
    private enum Place {
        FIELD_START,
        PLAIN,
        QUOTED,
        BEHIND_QUOTE,
        BEHIND_CR
    }

    private final byte separator;
    private final int rowLimit;

    private Place place = Place.FIELD_START;
    private int fields = 1;
    private int scanned;
    private int rowTo;
    private int used;

    CsvRowScanner(char separator, int rowLimit) {
        this.separator = (byte) separator;
        this.rowLimit = rowLimit;
    }

    /** Scans on to the end of the row that begins at {@code from}; false if it takes more bytes. */
    boolean next(byte[] bytes, int from, int to) {
        if (scanned == 0) {
            place = Place.FIELD_START;
            fields = 1;
        }
        int lineFeed = lineFeed(bytes, from, to);
        int end = lineFeed < 0 ? to : lineFeed;
        rowTo = place == Place.BEHIND_CR ? end - 1 : end;
        if (rowTo - from > rowLimit) {
            throw failure("the row is larger than the limit of " + rowLimit + " bytes", 0);
        }
        used = lineFeed + 1 - from;
        scanned = lineFeed < 0 ? to - from : 0;
        return lineFeed >= 0;
    }

    /** The row that ends with the bytes, once {@link #next} has returned false; false if there is none. */
    boolean end(int from, int to) {
        if (place == Place.QUOTED) {
            throw failure("the document ends within quotes; it was cut short", to - from)
                    .asCutShort();
        }
        used = to - from;
        scanned = 0;
        return used > 0;
    }

    /** Index behind the last byte of the row, without its line break. */
    int rowTo() {
        return rowTo;
    }

    /** Number of bytes of the row and its line break. */
    int used() {
        return used;
    }

    /** Number of fields of the row; one if it is blank. */
    int fields() {
        return fields;
    }

    /** Index of the line feed that ends the row, or -1. */
    private int lineFeed(byte[] bytes, int from, int to) {
        for (int i = from + scanned; i < to; i++) {
            byte next = bytes[i];
            if (place == Place.QUOTED) {
                if (next == '"') {
                    place = Place.BEHIND_QUOTE;
                }
            } else if (next == '\n') {
                return i;
            } else {
                String problem = step(next);
                if (problem != null) {
                    throw failure(problem, i - from);
                }
            }
        }
        return -1;
    }

    /** Takes a byte outside of quotes that ends no row. Says why it must not be there, or null if it may. */
    private @Nullable String step(byte next) {
        if (place == Place.BEHIND_CR) {
            return "expected a line feed behind a carriage return that is not within quotes";
        }
        if (next == separator) {
            fields++;
            place = Place.FIELD_START;
        } else if (next == '\r') {
            place = Place.BEHIND_CR;
        } else if (next == '"') {
            if (place == Place.PLAIN) {
                return "found a quote within a field that does not begin with one";
            }
            place = Place.QUOTED;
        } else if (place == Place.BEHIND_QUOTE) {
            return "expected a separator or the end of the row behind a closing quote";
        } else {
            place = Place.PLAIN;
        }
        return null;
    }

    private static DecodingException failure(String problem, int index) {
        return new DecodingException(problem, index, DecodingException.UNKNOWN, null);
    }
}
