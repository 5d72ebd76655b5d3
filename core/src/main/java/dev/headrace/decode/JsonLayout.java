package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.json.Pointer;
import dev.headrace.json.RecordScanner;

/** The records of one JSON document: the elements of an array at a place, or the one value there. */
record JsonLayout(Pointer place, boolean isOptional, int itemLimit) implements RecordLayout {

    @Override
    public <T> PullParser<T> parser(ItemReader<T> items, Captured captured) {
        captured.itemsAt(place);
        RecordScanner scanner = new RecordScanner(
                place, isOptional, captured.beside(), captured::value, itemLimit, Defaults.JSON_DEPTH_LIMIT);
        return new RecordParser<>(scanner, items, captured);
    }

    @Override
    public void check(Captures captures) {
        for (Pointer pointer : captures.values()) {
            if (place.isWithin(pointer)) {
                throw new IllegalArgumentException("The value at '" + pointer + "' holds the items at '" + place
                        + "'; it may be as large as the page, capture something beside the items");
            }
        }
    }

    @Override
    public RecordLayout optional() {
        return new JsonLayout(place, true, itemLimit);
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
        return "JSON items at '" + place + "'";
    }
}
