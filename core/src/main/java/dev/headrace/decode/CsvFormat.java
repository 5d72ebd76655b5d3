package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a CSV document is written: RFC 4180, and what is commonly done to it. Immutable; each method makes a copy with one thing changed.
 *
 * <p>Rows end with CR LF or LF, blank lines count for nothing, fields may be quoted with {@code "}, and a quote within such a field is
 * doubled. Separators and line breaks within quotes are part of the field, and so are spaces everywhere.
 */
public final class CsvFormat {

    private final char separator;
    private final List<String> columns;
    private final boolean shortRows;
    private final int rowLimit;
    private final TextCodec text;

    private CsvFormat(char separator, List<String> columns, boolean shortRows, int rowLimit, TextCodec text) {
        this.separator = separator;
        this.columns = columns;
        this.shortRows = shortRows;
        this.rowLimit = rowLimit;
        this.text = text;
        if (text.hasWithinCharacters(separator)) {
            throw new IllegalArgumentException(
                    "A byte of '" + separator + "' may be a part of other characters in " + text.charset());
        }
    }

    /**
     * Fields separated by commas, names of the columns in the first row, UTF-8, rows of at most 8 MiB.
     *
     * @return the format
     */
    public static CsvFormat rfc4180() {
        return new CsvFormat(
                ',', List.of(), false, Defaults.RECORD_LIMIT, TextCodec.cutAtAscii(StandardCharsets.UTF_8));
    }

    /**
     * What stands between two fields.
     *
     * @param separator such as {@code ';'} or {@code '\t'}; default a comma
     * @return a changed copy
     * @throws IllegalArgumentException if it is a letter, a digit, a quote, a line break or not ASCII
     */
    public CsvFormat separator(char separator) {
        if (separator >= 0x7F
                || separator == 0
                || Character.isLetterOrDigit(separator)
                || "\"\r\n".indexOf(separator) >= 0) {
            throw new IllegalArgumentException(String.format("No separator of fields: U+%04X", (int) separator));
        }
        return new CsvFormat(separator, columns, shortRows, rowLimit, text);
    }

    /**
     * The document has no row of names: these are the columns, in their order.
     *
     * @param names the names; all of them different
     * @return a changed copy
     * @throws IllegalArgumentException if there is none, one is blank, or one comes twice
     */
    public CsvFormat columns(String... names) {
        List<String> given = List.of(names);
        String problem = given.isEmpty() ? "has no columns" : problemOf(given);
        if (problem != null) {
            throw new IllegalArgumentException("The format " + problem);
        }
        return new CsvFormat(separator, given, shortRows, rowLimit, text);
    }

    /**
     * The first row has the names of the columns. This is the default, and takes back {@link #columns(String...)}.
     *
     * @return a changed copy
     */
    public CsvFormat header() {
        return new CsvFormat(separator, List.of(), shortRows, rowLimit, text);
    }

    /**
     * Takes rows that have fewer fields than there are columns; the last ones are then absent from the item. By default such a row is an
     * error, for one that was cut short looks just like it. More fields than columns are an error always.
     *
     * @return a changed copy
     */
    public CsvFormat allowShortRows() {
        return new CsvFormat(separator, columns, true, rowLimit, text);
    }

    /**
     * Largest row; about so much memory a stream may take.
     *
     * @param bytes most bytes of one row, without its line break; default 8 MiB
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public CsvFormat rowLimit(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("rowLimit must be positive, not " + bytes);
        }
        return new CsvFormat(separator, columns, shortRows, bytes, text);
    }

    /**
     * The charset of the document.
     *
     * @param charset one that extends ASCII, such as windows-1252; default UTF-8
     * @return a changed copy
     * @throws IllegalArgumentException if it does not extend ASCII, as UTF-16 does not
     */
    public CsvFormat charset(Charset charset) {
        return new CsvFormat(separator, columns, shortRows, rowLimit, TextCodec.cutAtAscii(charset));
    }

    char separator() {
        return separator;
    }

    /** The names that were given, or none if they come with the document. */
    List<String> columns() {
        return columns;
    }

    boolean takesShortRows() {
        return shortRows;
    }

    int rowLimit() {
        return rowLimit;
    }

    TextCodec text() {
        return text;
    }

    /** Why these cannot be the names of columns, or null if they can. */
    static @Nullable String problemOf(List<String> names) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.isBlank()) {
                return "has no name for column " + (i + 1) + " of " + names.size();
            }
            Integer before = seen.putIfAbsent(name, i + 1);
            if (before != null) {
                // Without the name: where the names are missing, it is data.
                return "has the same name for columns " + before + " and " + (i + 1);
            }
        }
        return null;
    }

    <T> Decoder<T> decoder(Type type) {
        CsvRows<T> rows;
        try {
            rows = new CsvRows<>(this, type);
        } catch (NoClassDefFoundError e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "CSV needs a library that is not there; add tools.jackson.dataformat:jackson-dataformat-csv, version 3,"
                            + " to the class path",
                    e);
        }
        return new PullDecoder<>("CSV", captured -> new CsvParser<>(this, rows, captured), Optional.of("text/csv"), 0);
    }

    @Override
    public String toString() {
        return "CsvFormat[separator " + (separator == '\t' ? "tab" : "'" + separator + "'")
                + (columns.isEmpty() ? ", header row" : ", columns " + columns)
                + (shortRows ? ", short rows allowed" : "") + ", " + text.charset() + ", rows of at most " + rowLimit
                + " bytes]";
    }
}
