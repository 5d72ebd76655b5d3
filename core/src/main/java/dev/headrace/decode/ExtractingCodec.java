package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.PointerSet;
import org.jspecify.annotations.Nullable;

/**
 * A codec that looks up values of each item where its bytes are at hand. The item is read first: what is wrong with it is said as without
 * looking anything up. White space around an item is no part of it, so that it has the same fingerprint however it is read.
 */
record ExtractingCodec<T>(Codec<T> codec, PointerSet places) implements Codec<Extracted<T>> {

    @Override
    public Extracted<T> decode(byte[] bytes, int from, int to) {
        return extracted(codec.decode(bytes, from, to), bytes, from, to);
    }

    private Extracted<T> extracted(T item, byte[] bytes, int from, int to) {
        int start = begin(bytes, from, to);
        int end = to;
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        return new Extracted<>(
                item,
                Texts.of(places.textsIn(bytes, start, end)),
                Fingerprint.of(Fingerprint.EMPTY, bytes, start, end));
    }

    private static int begin(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && isBlank(bytes[start])) {
            start++;
        }
        return start;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    @Override
    public @Nullable Batch<Extracted<T>> batch() {
        Batch<T> inner = codec.batch();
        return inner == null ? null : new ExtractingBatch(inner);
    }

    /** Each item of a run reaches from where the one before ended to where it ends itself. */
    private final class ExtractingBatch implements Batch<Extracted<T>> {

        private final Batch<T> inner;
        private byte[] bytes = {};
        private int at;

        ExtractingBatch(Batch<T> inner) {
            this.inner = inner;
        }

        @Override
        public void begin(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            inner.begin(bytes, from, to);
        }

        @Override
        public Extracted<T> next() {
            T item = inner.next();
            int from = at;
            at = inner.position();
            return extracted(item, bytes, from, at);
        }

        @Override
        public int position() {
            return inner.position();
        }

        @Override
        public void end() {
            bytes = new byte[0];
            inner.end();
        }
    }
}
