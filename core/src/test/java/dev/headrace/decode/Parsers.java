package dev.headrace.decode;

import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;

/** The parsers behind the ready-made decoders, for bytes without a response. */
final class Parsers {

    private Parsers() {}

    static <T> PullParser<T> items(Pointer pointer, Codec<T> codec, int itemLimit) {
        return records(new JsonLayout(pointer, false, itemLimit), codec);
    }

    static <T> PullParser<T> lines(Codec<T> codec, int lineLimit) {
        return records(new LineLayout(lineLimit), codec);
    }

    static Captured capturingNothing() {
        return Captured.from(Captures.none());
    }

    private static <T> PullParser<T> records(RecordLayout layout, Codec<T> codec) {
        return layout.parser(new ItemReader<>(codec), capturingNothing());
    }
}
