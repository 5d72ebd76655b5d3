package dev.headrace.decode;

import dev.headrace.json.FasterBinding;
import java.lang.reflect.Type;
import java.util.List;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/** Readers for the rows of a stream; the only class that sees Jackson's CSV library, and the mapper that goes with it. */
final class CsvRows<T> {

    private static final CsvMapper MAPPER = FasterBinding.addTo(CsvMapper.builder(CsvFactory.builder()
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
                    // The next row has not come yet.
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .withCoercionConfigDefaults(
                            coercions -> coercions.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull)))
            .build();

    private final CsvFormat format;
    private final CsvSchema schema;
    private final ObjectReader reader;
    private final String typeName;

    CsvRows(CsvFormat format, Type type) {
        this.format = format;
        this.schema = CsvSchema.emptySchema().withColumnSeparator(format.separator());
        this.reader = MAPPER.readerFor(MAPPER.constructType(type));
        this.typeName = type instanceof Class<?> named ? named.getSimpleName() : type.getTypeName();
    }

    /** Reads a row as the fields it has. */
    CsvRowReader<List<String>> fields() {
        return new CsvRowReader<>(MAPPER.readerForListOf(String.class).with(schema), format, "names");
    }

    /** Reads rows whose columns have these names. */
    CsvRowReader<T> items(List<String> names) {
        CsvSchema.Builder columns = schema.rebuild();
        names.forEach(columns::addColumn);
        return new CsvRowReader<>(reader.with(columns.build()), format, typeName);
    }
}
