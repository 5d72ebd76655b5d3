package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.json.Pointer;

/** One JSON document that is one record. */
record SingleLayout(int documentLimit) implements RecordLayout {

    @Override
    public <T> PullParser<T> parser(ItemReader<T> items, Captured captured) {
        captured.itemsAt(Pointer.ROOT);
        return new SingleParser<>(items, documentLimit, captured);
    }

    @Override
    public void check(Captures captures) {
        // All lie within the item, which is in memory.
    }

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public int documentHead() {
        return Defaults.DOCUMENT_HEAD;
    }

    @Override
    public String toString() {
        return "a single JSON document";
    }
}
