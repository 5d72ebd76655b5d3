package dev.headrace.spring;

import dev.headrace.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Events as they go over the wire (WHATWG HTML §9.2.5). */
final class EventText {

    /** A comment: nobody sees it, but proxies see bytes. */
    static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private EventText() {}

    /**
     * One event.
     *
     * @param lastId the id that the reader has from the events before it on the same connection
     * @throws IllegalArgumentException if the id or the name cannot be written
     */
    static byte[] bytes(SseEvent event, String lastId) {
        StringBuilder text = new StringBuilder(event.data().length() + 64);
        String comment = comment(event);
        if (comment != null) {
            text.append(": ").append(comment).append('\n');
        }
        if (!event.id().equals(lastId)) {
            if (event.id().indexOf('\0') >= 0) {
                // A reader would ignore the whole line, and go on with the id before it.
                throw new IllegalArgumentException("The id of an event must have no NUL character");
            }
            field(text, "id", oneLine("id", event.id()));
        }
        if (!event.event().isEmpty() && !event.event().equals(SseEvent.MESSAGE)) {
            field(text, "event", oneLine("name", event.event()));
        }
        data(text, event.data());
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What the fields of an event cannot say. */
    static @Nullable String comment(SseEvent event) {
        String lost = event.loss() == null
                ? null
                : event.loss().count() == 1 ? "1 event lost" : event.loss().count() + " events lost";
        if (!event.truncated()) {
            return lost;
        }
        return lost == null ? "truncated" : lost + ", truncated";
    }

    /** Each line has its own field, also an empty one: without any, there would be no event. */
    private static void data(StringBuilder text, String data) {
        int begin = 0;
        for (int at = 0; at < data.length(); at++) {
            char c = data.charAt(at);
            if (c == '\n' || c == '\r') {
                text.append("data: ").append(data, begin, at).append('\n');
                at += c == '\r' && at + 1 < data.length() && data.charAt(at + 1) == '\n' ? 1 : 0;
                begin = at + 1;
            }
        }
        text.append("data: ").append(data, begin, data.length()).append('\n');
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
    }

    /** A line break would let whoever chose the value write fields of its own. */
    private static String oneLine(String what, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("The " + what + " of an event must have no line break");
        }
        return value;
    }
}
