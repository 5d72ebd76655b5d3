package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.io.Reader;
import java.io.Writer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Reads the rows of one stream, one after the other, with one parser: making one takes longer than reading a small row.
 *
 * <p>Before the parser lets go of a row it looks at the first character of the next one, which may not have come yet. So every row is given
 * to it with its first field in quotes: then that character is always the same, and is given with the row before. A field means the same
 * in quotes and without.
 */
final class CsvRowReader<T> implements Codec<T> {

    private static final Writer NOWHERE = Writer.nullWriter();

    private final ObjectReader reader;
    private final TextCodec text;
    private final char separator;
    private final String typeName;
    private @Nullable Rows rows;

    /** A reader that does not look for anything behind what it reads. */
    CsvRowReader(ObjectReader reader, CsvFormat format, String typeName) {
        this.reader = reader;
        this.text = format.text();
        this.separator = format.separator();
        this.typeName = typeName;
    }

    @Override
    public T decode(byte[] bytes, int from, int to) {
        String row = text.decode(bytes, from, to);
        T value;
        try {
            value = read(row);
        } catch (JacksonException e) {
            // The rest of the row is of no use.
            close();
            throw failure(problem(e), harmlessCause(e));
        }
        if (value == null) {
            throw failure("expected " + typeName + " but found null, which cannot be an item", null);
        }
        return value;
    }

    private @Nullable T read(String row) {
        Rows open = rows;
        if (open == null) {
            Source source = new Source(separator);
            open = new Rows(reader.createParser(source), source);
            rows = open;
        }
        open.source().give(row);
        T value = reader.readValue(open.parser());
        if (!open.isAtNextRow()) {
            throw failure("the row is malformed", null);
        }
        return value;
    }

    /** There are no more rows; gives back the parser's buffers. */
    void close() {
        Rows open = rows;
        if (open != null) {
            rows = null;
            open.parser().close();
        }
    }

    private static DecodingException failure(String problem, @Nullable Throwable cause) {
        return new DecodingException(problem, 0, DecodingException.UNKNOWN, cause);
    }

    /** Jackson's own messages quote the data, so none of them is passed on but what is wrong with the type itself. */
    private String problem(JacksonException failure) {
        // A number that is out of range is such an exception too, but of a column.
        if (failure instanceof StreamReadException && failure.getPath().isEmpty()) {
            return "the row is malformed";
        }
        if (failure instanceof InvalidDefinitionException) {
            return typeName + " cannot be read from a row: " + failure.getOriginalMessage();
        }
        String path = failure.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .collect(Collectors.joining("/"));
        String where = path.isEmpty() ? "the row" : "column '" + path + "'";
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "cannot read " + where + " of " + typeName + " as "
                    + mismatch.getTargetType().getSimpleName();
        }
        return "cannot read " + where + " of " + typeName;
    }

    private static @Nullable Throwable harmlessCause(JacksonException failure) {
        if (failure instanceof InvalidDefinitionException) {
            return failure;
        }
        // What parses dates and the like quotes them; a user's own constructor says what it likes.
        return failure instanceof ValueInstantiationException && !(failure.getCause() instanceof JacksonException)
                ? failure.getCause()
                : null;
    }

    /** A parser and what it reads from. */
    private record Rows(JsonParser parser, Source source) {

        /** Whether all of a row has been read; the scanner has counted its fields, and the parser must see the same. */
        boolean isAtNextRow() {
            return source.isUsedUp() && parser.releaseBuffered(NOWHERE) == 1;
        }
    }

    /** Hands a row to the parser, and the first quote of the next one. */
    private static final class Source extends Reader {

        private static final char QUOTE = '"';
        // One large row may come once only.
        private static final int MOST_KEPT = 64 * 1024;

        private final char separator;
        private final StringBuilder given = new StringBuilder().append(QUOTE);
        private int at;

        Source(char separator) {
            this.separator = separator;
        }

        void give(String row) {
            given.delete(0, at);
            at = 0;
            if (given.capacity() > MOST_KEPT) {
                given.trimToSize();
            }
            if (row.charAt(0) == QUOTE) {
                given.append(row, 1, row.length());
            } else {
                int found = row.indexOf(separator);
                int end = found < 0 ? row.length() : found;
                given.append(row, 0, end).append(QUOTE).append(row, end, row.length());
            }
            given.append('\n').append(QUOTE);
        }

        boolean isUsedUp() {
            return at == given.length();
        }

        @Override
        public int read(char[] buffer, int from, int length) {
            int count = Math.min(length, given.length() - at);
            given.getChars(at, at + count, buffer, from);
            at += count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {}
    }
}
