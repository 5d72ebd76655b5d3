package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/** What Jackson makes of single rows; the only class that sees its CSV library, and the mapper that goes with it. */
final class CsvRows<T> {

    private static final CsvMapper MAPPER = CsvMapper.builder(CsvFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            // A row lies in memory already, under the limit of its format.
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            // The scanner has counted the fields; what it takes for one row with so many must be that here too.
            .disable(CsvReadFeature.SKIP_EMPTY_LINES, CsvReadFeature.ALLOW_TRAILING_COMMA)
            // A snippet of the source in an exception could be a secret.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .withCoercionConfigDefaults(
                    coercions -> coercions.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull))
            .build();

    private final TextCodec text;
    private final CsvSchema format;
    private final ObjectReader reader;
    private final String typeName;

    CsvRows(CsvFormat format, Type type) {
        this.text = format.text();
        this.format = CsvSchema.emptySchema().withColumnSeparator(format.separator());
        this.reader = MAPPER.readerFor(MAPPER.constructType(type));
        this.typeName = type instanceof Class<?> named ? named.getSimpleName() : type.getTypeName();
    }

    /** Reads a row as the fields it has. */
    Codec<List<String>> fields() {
        return new Row<>(MAPPER.readerForListOf(String.class).with(format), text, "names");
    }

    /** Reads rows whose columns have these names. */
    Codec<T> items(List<String> names) {
        CsvSchema.Builder columns = format.rebuild();
        names.forEach(columns::addColumn);
        return new Row<>(reader.with(columns.build()), text, typeName);
    }

    private record Row<T>(ObjectReader reader, TextCodec text, String typeName) implements Codec<T> {

        @Override
        public T decode(byte[] bytes, int from, int to) {
            String row = text.decode(bytes, from, to);
            T value;
            try {
                value = reader.readValue(row);
            } catch (JacksonException e) {
                throw failure(problem(e), harmlessCause(e));
            }
            if (value == null) {
                throw failure("expected " + typeName + " but found null, which cannot be an item", null);
            }
            return value;
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
    }
}
