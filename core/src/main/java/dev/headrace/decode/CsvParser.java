package dev.headrace.decode;

import dev.headrace.json.DecodingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a CSV document, one after the other. The names of its columns come with the format or with its first row. */
final class CsvParser<T> implements PullParser<T> {

    private final CsvFormat format;
    private final CsvRows<T> rows;
    private final CsvRowScanner scanner;
    private final Captured captured;
    private List<String> columns = List.of();
    // There are none before the columns are known.
    private @Nullable CsvRowReader<T> reader;
    private @Nullable ItemReader<T> items;
    // Position in the stream of the window's first byte.
    private long position;
    private long rowCount;

    CsvParser(CsvFormat format, CsvRows<T> rows, Captured captured) {
        this.format = format;
        this.rows = rows;
        this.captured = captured;
        this.scanner = new CsvRowScanner(format.separator(), format.rowLimit());
        if (!format.columns().isEmpty()) {
            name(format.columns());
        }
    }

    private void name(List<String> names) {
        columns = names;
        reader = rows.items(names);
        items = new ItemReader<>(reader);
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        if (!skipByteOrderMark(bytes)) {
            return null;
        }
        while (scan(bytes)) {
            T item = row(bytes);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        T item = null;
        if (scanEnd(bytes)) {
            item = row(bytes);
        }
        if (reader == null) {
            throw failure("the document has no row of names", index());
        }
        if (item == null) {
            reader.close();
            captured.end();
        }
        return item;
    }

    /** False if it may be a mark but takes more bytes to tell. */
    private boolean skipByteOrderMark(ByteWindow bytes) {
        if (position > 0 || !format.text().isUtf8()) {
            return true;
        }
        int matched = ByteOrderMark.matched(bytes);
        if (matched == ByteOrderMark.LENGTH) {
            use(bytes, matched);
        }
        return matched == 0 || matched == ByteOrderMark.LENGTH;
    }

    private boolean scan(ByteWindow bytes) {
        try {
            return scanner.next(bytes.array(), bytes.start(), bytes.end());
        } catch (DecodingException e) {
            throw e.within(position, index());
        }
    }

    private boolean scanEnd(ByteWindow bytes) {
        try {
            return !scanner.next(bytes.array(), bytes.start(), bytes.end()) && scanner.end(bytes.start(), bytes.end());
        } catch (DecodingException e) {
            throw e.within(position, index());
        }
    }

    /** The item of the row that was scanned, or null if it is blank or has the names; the row is used up. */
    private @Nullable T row(ByteWindow bytes) {
        int from = bytes.start();
        int to = scanner.rowTo();
        T item = null;
        if (to > from) {
            rowCount++;
            if (items == null) {
                name(header(bytes.array(), from, to));
            } else {
                requireRightLength();
                if (captured.item(bytes.array(), from, to)) {
                    item = items.read(bytes.array(), from, to, position);
                    captured.delivered(items.index(), captured.fingerprint());
                } else {
                    items.startAt(captured.items());
                }
            }
        }
        use(bytes, scanner.used());
        return item;
    }

    private List<String> header(byte[] bytes, int from, int to) {
        CsvRowReader<List<String>> fields = rows.fields();
        List<String> names;
        try {
            names = fields.decode(bytes, from, to);
        } catch (DecodingException e) {
            throw e.within(position, DecodingException.UNKNOWN);
        }
        fields.close();
        String problem = CsvFormat.problemOf(names);
        if (problem != null) {
            throw failure("the first row " + problem, DecodingException.UNKNOWN);
        }
        return names;
    }

    private void requireRightLength() {
        int fields = scanner.fields();
        if (fields > columns.size() || fields < columns.size() && !format.takesShortRows()) {
            throw failure(
                    "row " + rowCount + " has " + fields + " fields, but there are " + columns.size() + " columns"
                            + (fields < columns.size() ? "; it may have been cut short" : ""),
                    index());
        }
    }

    private void use(ByteWindow bytes, int length) {
        bytes.startAt(bytes.start() + length);
        position += length;
    }

    private long index() {
        return items == null ? DecodingException.UNKNOWN : items.index();
    }

    private DecodingException failure(String problem, long item) {
        return new DecodingException(problem, position, item, null);
    }
}
