package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.SchemaViolationException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one item after the other with a codec, unless a schema forbids it, and says which one it was that failed.
 *
 * <p>Several that lie behind one another may be {@linkplain #beginBatch announced}; then they are read by the codec's batch form. Once that
 * fails, each is decoded by itself, so that an error is always the item's own.
 */
final class ItemReader<T> {

    private final Codec<T> codec;
    private final List<ItemCheck> checks;
    private final String source;
    private final Codec.@Nullable Batch<T> batch;
    private boolean inBatch;
    private long index;

    ItemReader(Codec<T> codec) {
        this(codec, List.of(), "");
    }

    /** A reader that holds items against schemas; {@code source} is what their messages begin with. */
    ItemReader(Codec<T> codec, List<ItemCheck> checks, String source) {
        this.codec = codec;
        this.checks = checks;
        this.source = source;
        // An item that does not fit its schema must not reach the codec, so none is read ahead.
        this.batch = checks.isEmpty() ? codec.batch() : null;
    }

    /** How many items have been read; the index of the next one. */
    long index() {
        return index;
    }

    /** Items that are passed over count as read. */
    void startAt(long index) {
        this.index = index;
    }

    boolean readsBatches() {
        return batch != null;
    }

    /** The items to be read next lie in that range, with white space between. */
    void beginBatch(byte[] bytes, int from, int to) {
        if (batch != null) {
            batch.begin(bytes, from, to);
            inBatch = true;
        }
    }

    void endBatch() {
        if (batch != null && inBatch) {
            inBatch = false;
            batch.end();
        }
    }

    /** Reads the item that begins at a position of the stream; null if it is to be left out. */
    @Nullable
    T read(byte[] bytes, int from, int to, long position) {
        T item = inBatch ? fromBatch(bytes, to) : null;
        if (item == null) {
            item = decoded(bytes, from, to, position);
        }
        index++;
        return item;
    }

    /** Null if the batch is of no more use. */
    private @Nullable T fromBatch(byte[] bytes, int to) {
        T item = Objects.requireNonNull(batch).nextUpTo(bytes, to);
        if (item == null) {
            endBatch();
        }
        return item;
    }

    private @Nullable T decoded(byte[] bytes, int from, int to, long position) {
        try {
            return checks.isEmpty() || isAdmitted(bytes, from, to)
                    ? Objects.requireNonNull(codec.decode(bytes, from, to), "a codec returned null")
                    : null;
        } catch (SchemaViolationException e) {
            throw e;
        } catch (DecodingException e) {
            throw e.within(position, index);
        } catch (RuntimeException e) {
            throw new DecodingException("the codec failed: " + e.getClass().getName(), position, index, e);
        }
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
