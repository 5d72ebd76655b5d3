package dev.headrace.stream;

import dev.headrace.json.Json;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Messages of streams as JSON: {@code {"type":"record","stream":"issues","slice":{…},"data":{…}}}. */
final class MessageLine {

    private MessageLine() {}

    static JsonNode of(StreamRecord<?> record) {
        ObjectNode line = line("record", record.stream(), record.slice());
        line.set("data", Json.node(record.data()));
        return line;
    }

    static JsonNode of(Checkpoint<?> checkpoint) {
        ObjectNode line = line("checkpoint", checkpoint.stream(), Slice.EMPTY);
        line.set("state", checkpoint.state());
        return line;
    }

    static JsonNode of(Notice<?> notice) {
        ObjectNode line = line("notice", notice.stream(), notice.slice());
        line.put("kind", notice.kind().name().toLowerCase(Locale.ROOT));
        line.put("text", notice.text());
        return line;
    }

    private static ObjectNode line(String type, String stream, Slice slice) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("type", type);
        line.put("stream", stream);
        if (!slice.equals(Slice.EMPTY)) {
            line.set("slice", slice.json());
        }
        return line;
    }
}
