package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The bytes of a body as they come, up to a limit. Most bodies are one chunk, whose array is handed out as it was copied. */
final class WholeBody {

    private static final byte[] NOTHING = new byte[0];
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Request request;
    private final int limit;
    private byte[] content = NOTHING;
    private int length;

    WholeBody(Request request, int limit) {
        this.request = request;
        this.limit = limit;
    }

    void add(ByteBuf chunk) {
        int more = chunk.readableBytes();
        if (more > limit - length) {
            throw new BodyTooLargeException(request, limit);
        }
        if (more > content.length - length) {
            content = Arrays.copyOf(content, length == 0 ? more : capacityFor(length + more));
        }
        chunk.getBytes(chunk.readerIndex(), content, length, more);
        length += more;
    }

    /** Twice what there was, so that a long body is not copied with every chunk, but no more than may come. */
    private int capacityFor(int needed) {
        long doubled = Math.min(2L * content.length, LONGEST_ARRAY);
        return (int) Math.max(needed, Math.min(doubled, limit));
    }

    byte[] bytes() {
        return length == content.length ? content : Arrays.copyOf(content, length);
    }
}
