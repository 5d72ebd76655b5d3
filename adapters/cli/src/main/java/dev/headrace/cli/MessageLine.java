package dev.headrace.cli;

import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Notice;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Messages of streams as lines: {@code {"type":"record","stream":"issues","slice":{…},"data":{…}}}. */
final class MessageLine {

    private MessageLine() {}

    static JsonNode of(StreamRecord<JsonNode> record) {
        ObjectNode line = line("record", record.stream(), record.slice());
        line.set("data", record.data());
        return line;
    }

    static JsonNode of(Checkpoint<JsonNode> checkpoint) {
        ObjectNode line = line("checkpoint", checkpoint.stream(), Slice.EMPTY);
        line.set("state", checkpoint.state());
        return line;
    }

    static JsonNode of(Notice<JsonNode> notice) {
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
