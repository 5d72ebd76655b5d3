package dev.headrace.json;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectReader;

/**
 * One parser for a whole run of items: making one costs about as much as parsing a small item. The context, which costs much less, is each
 * item's own ({@link ObjectReader#readValue(JsonParser)} and no {@code MappingIterator}): it remembers the ids of objects, and what an id
 * means in one item it need not mean in the next.
 */
final class JacksonBatch<T> implements Codec.Batch<T> {

    private final ObjectReader reader;
    private final JacksonCodec<T> codec;
    private @Nullable JsonParser parser;
    private int from;

    /** A reader that does not mind what lies behind an item. */
    JacksonBatch(ObjectReader reader, JacksonCodec<T> codec) {
        this.reader = reader;
        this.codec = codec;
    }

    @Override
    public void begin(byte[] bytes, int from, int to) {
        end();
        this.from = from;
        this.parser = Json.MAPPER.createParser(bytes, from, to - from);
    }

    @Override
    public T next() {
        JsonParser run = Objects.requireNonNull(parser);
        // Each value is read from its first token, or one that is missing would be read as what came last.
        run.nextToken();
        return codec.present(reader.readValue(run));
    }

    @Override
    public int position() {
        return from + (int) Objects.requireNonNull(parser).currentLocation().getByteOffset();
    }

    @Override
    public void end() {
        JsonParser run = parser;
        if (run != null) {
            parser = null;
            run.close();
        }
    }
}
