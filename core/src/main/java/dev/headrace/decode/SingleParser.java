package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.json.Pointer;
import dev.headrace.json.RecordScanner;
import org.jspecify.annotations.Nullable;

/**
 * One JSON document as one item, {@code null} as none. The item is emitted when the document has ended: one that goes on behind its end
 * is not what it was said to be.
 */
final class SingleParser<T> implements PullParser<T> {

    private final RecordScanner scanner;
    private final ItemReader<T> items;
    private final Captured captured;
    private @Nullable T item;

    SingleParser(ItemReader<T> items, int limit, Captured captured) {
        this.scanner = RecordScanner.ofWhole(Pointer.ROOT, limit, Defaults.JSON_DEPTH_LIMIT);
        this.items = items;
        this.captured = captured;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        while (take(bytes, scanner.next(bytes.array(), bytes.start(), bytes.end()))) {
            // There is more: what follows the document must be white space.
        }
        return null;
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        while (take(bytes, scanner.end(bytes.array(), bytes.start(), bytes.end()))) {
            // A number ends with the bytes; only then is the document complete.
        }
        T whole = item;
        item = null;
        if (whole == null) {
            captured.end();
        } else {
            captured.delivered(1, captured.fingerprint());
        }
        return whole;
    }

    private boolean take(ByteWindow bytes, boolean found) {
        byte[] array = bytes.array();
        if (found) {
            captured.itemIsAlone(array, scanner.recordFrom(), scanner.recordTo());
        }
        if (found && !isNull(array) && captured.item(array, scanner.recordFrom(), scanner.recordTo())) {
            int length = scanner.recordTo() - scanner.recordFrom();
            item = items.read(array, scanner.recordFrom(), scanner.recordTo(), scanner.position() - length);
        }
        bytes.startAt(bytes.start() + scanner.used());
        return found;
    }

    private boolean isNull(byte[] bytes) {
        // The scanner knows of only one literal that begins so.
        return bytes[scanner.recordFrom()] == 'n';
    }
}
