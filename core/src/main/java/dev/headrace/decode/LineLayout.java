package dev.headrace.decode;

import dev.headrace.json.RecordFinder;

/** One JSON value on each line. */
record LineLayout(int lineLimit) implements RecordLayout {

    @Override
    public RecordFinder finder(Captured captured) {
        return new LineFinder(lineLimit);
    }

    @Override
    public void check(Captures captures) {
        if (!captures.values().isEmpty()) {
            throw new IllegalArgumentException("There is nothing beside the items of NDJSON, so no " + captures.values()
                    + " can be captured; the last item can, and headers");
        }
    }

    @Override
    public RecordLayout optional() {
        throw new IllegalArgumentException(
                "The items of NDJSON are its lines, which have no place that could be missing");
    }

    @Override
    public String mediaType() {
        return "application/x-ndjson";
    }

    @Override
    public int documentHead() {
        return 0;
    }

    @Override
    public String toString() {
        return "NDJSON";
    }
}
