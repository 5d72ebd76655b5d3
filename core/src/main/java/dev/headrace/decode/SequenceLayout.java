package dev.headrace.decode;

/** JSON text sequences (RFC 7464). */
record SequenceLayout(int textLimit) implements RecordLayout {

    @Override
    public <T> PullParser<T> parser(ItemReader<T> items, Captured captured) {
        return new JsonSequenceParser<>(items, textLimit, captured);
    }

    @Override
    public void check(Captures captures) {
        checkNothingBeside(captures);
    }

    @Override
    public String mediaType() {
        return "application/json-seq";
    }

    @Override
    public int documentHead() {
        return 0;
    }

    @Override
    public String toString() {
        return "a JSON text sequence";
    }
}
