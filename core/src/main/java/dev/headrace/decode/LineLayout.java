package dev.headrace.decode;

/** One JSON value on each line. */
record LineLayout(int lineLimit) implements RecordLayout {

    @Override
    public <T> PullParser<T> parser(ItemReader<T> items, Captured captured) {
        return new RecordParser<>(new LineFinder(lineLimit), items, captured);
    }

    @Override
    public void check(Captures captures) {
        checkNothingBeside(captures);
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
