package dev.headrace.cli;

import dev.headrace.stream.Availability;
import dev.headrace.stream.StreamDescription;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is said about streams, as lines. */
final class StreamLine {

    private StreamLine() {}

    /** {@code {"name":"issues","namespace":null,"key":["/number"],"cursor":"/updated_at","sync_modes":[…],"schema":{…}}}. */
    static JsonNode of(StreamDescription stream) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("name", stream.name());
        line.put("namespace", stream.namespace().orElse(null));
        ArrayNode key = line.putArray("key");
        stream.key().forEach(key::add);
        line.put("cursor", stream.cursor().orElse(null));
        ArrayNode modes = line.putArray("sync_modes");
        stream.syncModes().stream()
                .sorted()
                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                .forEach(modes::add);
        line.set("schema", stream.schema().map(schema -> schema.json()).orElse(JsonNodeFactory.instance.nullNode()));
        return line;
    }

    /** {@code {"available":false,"reason":"…","status_code":403}}. */
    static JsonNode of(Availability availability) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("available", availability.available());
        line.put("reason", availability.reason().isEmpty() ? null : availability.reason());
        line.put("status_code", availability.status());
        return line;
    }
}
