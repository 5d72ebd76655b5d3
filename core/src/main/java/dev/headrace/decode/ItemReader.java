package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.SchemaViolationException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one item after the other with a codec, unless a schema forbids it, and says which one it was that failed. */
final class ItemReader<T> {

    private final Codec<T> codec;
    private final List<ItemCheck> checks;
    private final String source;
    private long index;

    ItemReader(Codec<T> codec) {
        this(codec, List.of(), "");
    }

    /** A reader that holds items against schemas; {@code source} is what their messages begin with. */
    ItemReader(Codec<T> codec, List<ItemCheck> checks, String source) {
        this.codec = codec;
        this.checks = checks;
        this.source = source;
    }

    /** How many items have been read; the index of the next one. */
    long index() {
        return index;
    }

    /** Reads the item that begins at a position of the stream; null if it is to be left out. */
    @Nullable
    T read(byte[] bytes, int from, int to, long position) {
        T item = null;
        try {
            if (checks.isEmpty() || isAdmitted(bytes, from, to)) {
                item = Objects.requireNonNull(codec.decode(bytes, from, to), "a codec returned null");
            }
        } catch (SchemaViolationException e) {
            throw e;
        } catch (DecodingException e) {
            throw e.within(position, index);
        } catch (RuntimeException e) {
            throw new DecodingException("the codec failed: " + e.getClass().getName(), position, index, e);
        }
        index++;
        return item;
    }

    private boolean isAdmitted(byte[] bytes, int from, int to) {
        JsonNode tree = Codec.tree().decode(bytes, from, to);
        for (ItemCheck check : checks) {
            if (!check.admits(tree, index, source)) {
                return false;
            }
        }
        return true;
    }
}
