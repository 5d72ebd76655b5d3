package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;
import dev.headrace.json.RecordScanner;
import org.jspecify.annotations.Nullable;

/** The records of one JSON document: found by the scanner, read by the codec. */
final class JsonItemsParser<T> implements PullParser<T> {

    private final RecordScanner scanner;
    private final ItemReader<T> items;

    JsonItemsParser(Pointer pointer, Codec<T> codec, int recordLimit) {
        this(pointer, new ItemReader<>(codec), recordLimit);
    }

    JsonItemsParser(Pointer pointer, ItemReader<T> items, int recordLimit) {
        this.scanner = new RecordScanner(pointer, recordLimit, Defaults.JSON_DEPTH_LIMIT);
        this.items = items;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        while (used(bytes, scanner.next(bytes.array(), bytes.start(), bytes.end()))) {
            T item = read(bytes);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        while (used(bytes, scanner.end(bytes.array(), bytes.start(), bytes.end()))) {
            T item = read(bytes);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    private boolean used(ByteWindow bytes, boolean found) {
        bytes.startAt(bytes.start() + scanner.used());
        return found;
    }

    private @Nullable T read(ByteWindow bytes) {
        int length = scanner.recordTo() - scanner.recordFrom();
        return items.read(bytes.array(), scanner.recordFrom(), scanner.recordTo(), scanner.position() - length);
    }
}
