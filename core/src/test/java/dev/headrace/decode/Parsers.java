package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;

/** The parsers behind the ready-made decoders, for bytes without a response. */
final class Parsers {

    private Parsers() {}

    static <T> PullParser<T> items(Pointer pointer, Codec<T> codec, int itemLimit) {
        return records(new JsonLayout(pointer, false, itemLimit), codec, Captures.none());
    }

    static <T> PullParser<T> lines(Codec<T> codec, int lineLimit) {
        return records(new LineLayout(lineLimit), codec, Captures.none());
    }

    private static <T> PullParser<T> records(RecordLayout layout, Codec<T> codec, Captures captures) {
        Captured captured = Captured.from(captures);
        return new RecordParser<>(layout.finder(captured), new ItemReader<>(codec), captured);
    }
}
