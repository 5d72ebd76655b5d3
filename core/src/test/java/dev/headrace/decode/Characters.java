package dev.headrace.decode;

import org.jspecify.annotations.Nullable;

/** The simplest of parsers: each byte is an item. */
class Characters implements PullParser<Character> {

    @Override
    public @Nullable Character next(ByteWindow bytes) {
        if (bytes.length() == 0) {
            return null;
        }
        char first = (char) bytes.array()[bytes.start()];
        bytes.startAt(bytes.start() + 1);
        return first;
    }
}
