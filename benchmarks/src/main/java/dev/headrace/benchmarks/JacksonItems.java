package dev.headrace.benchmarks;

import java.io.InputStream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/** Items by Jackson from a blocking stream, one at a time: the most that Jackson gives. */
final class JacksonItems {

    /** The mapper of all peers. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Headrace uses it where it is on the class path, and here it is.
            .addModule(new BlackbirdModule())
            .build();

    private static final ObjectReader ITEM =
            MAPPER.readerFor(Item.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ObjectReader TICK = MAPPER.readerFor(Tick.class);
    private static final ObjectReader REPORT = MAPPER.readerFor(Report.class);
    private static final ObjectReader DOCUMENT = MAPPER.readerFor(Document.class);

    private JacksonItems() {}

    /** Reads a document with the items in the first array called so. */
    static Tally document(InputStream bytes) {
        Tally.Counter counter = new Tally.Counter();
        try (JsonParser parser = MAPPER.createParser(bytes)) {
            while (!"items".equals(parser.nextName())) {
                if (parser.currentToken() == null) {
                    throw new IllegalStateException("A document without items");
                }
            }
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                counter.add(ITEM.<Item>readValue(parser).checksum());
            }
            // A document is read when its last bracket has come.
            JsonToken rest;
            do {
                rest = parser.nextToken();
            } while (rest != null);
        }
        return counter.result();
    }

    /** Reads one item after the other. */
    static Tally lines(InputStream bytes) {
        Tally.Counter counter = new Tally.Counter();
        try (MappingIterator<Item> items = ITEM.readValues(bytes)) {
            while (items.hasNextValue()) {
                counter.add(items.nextValue().checksum());
            }
        }
        return counter.result();
    }

    /** Reads the data of an event. */
    static Tick tick(String data) {
        return TICK.readValue(data);
    }

    /** Reads the data of a large event. */
    static Report report(String data) {
        return REPORT.readValue(data);
    }

    /** Reads a whole document at once. */
    static Document whole(byte[] bytes) {
        return DOCUMENT.readValue(bytes);
    }

    /** Reads a whole document at once. */
    static Document whole(InputStream bytes) {
        return DOCUMENT.readValue(bytes);
    }
}
