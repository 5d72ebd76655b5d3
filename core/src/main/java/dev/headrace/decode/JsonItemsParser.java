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
        this.scanner = new RecordScanner(pointer, recordLimit, Defaults.JSON_DEPTH_LIMIT);
        this.items = new ItemReader<>(codec);
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        return read(bytes, scanner.next(bytes.array(), bytes.start(), bytes.end()));
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        return read(bytes, scanner.end(bytes.array(), bytes.start(), bytes.end()));
    }

    private @Nullable T read(ByteWindow bytes, boolean found) {
        bytes.startAt(bytes.start() + scanner.used());
        if (!found) {
            return null;
        }
        int length = scanner.recordTo() - scanner.recordFrom();
        return items.read(bytes.array(), scanner.recordFrom(), scanner.recordTo(), scanner.position() - length);
    }
}
