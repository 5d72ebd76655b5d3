package dev.headrace.decode;

import dev.headrace.json.DecodingException;
import org.jspecify.annotations.Nullable;

/** All of a body as one text, which may be empty. */
final class TextParser implements PullParser<String> {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final ItemReader<String> items;
    private final int limit;

    TextParser(TextCodec codec, int limit) {
        this.items = new ItemReader<>(codec);
        this.limit = limit;
    }

    @Override
    public @Nullable String next(ByteWindow bytes) {
        if (bytes.length() > limit) {
            throw new DecodingException("the text is larger than the limit of " + limit + " bytes", limit, 0, null);
        }
        return null;
    }

    @Override
    public @Nullable String end(ByteWindow bytes) {
        if (items.index() > 0) {
            return null;
        }
        String text = items.read(bytes.array(), bytes.start(), bytes.end(), 0);
        bytes.startAt(bytes.end());
        return text != null && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
}
