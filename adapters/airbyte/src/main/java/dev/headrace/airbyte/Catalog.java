package dev.headrace.airbyte;

import dev.headrace.json.Pointer;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.SyncMode;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What streams there are ({@code AirbyteCatalog}). */
final class Catalog {

    private Catalog() {}

    static JsonNode of(List<StreamDescription> streams) {
        ObjectNode catalog = JsonNodeFactory.instance.objectNode();
        ArrayNode all = catalog.putArray("streams");
        streams.forEach(stream -> all.add(json(stream)));
        return ProtocolMessage.of("CATALOG", "catalog", catalog);
    }

    private static JsonNode json(StreamDescription stream) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", stream.name());
        stream.namespace().ifPresent(namespace -> json.put("namespace", namespace));
        json.set("json_schema", OpenSchema.unless(stream.schema()));
        ArrayNode modes = json.putArray("supported_sync_modes");
        // Every stream can be read whole: one without a cursor is, in either mode.
        modes.add(word(SyncMode.FULL_REFRESH));
        if (stream.syncModes().contains(SyncMode.INCREMENTAL)) {
            modes.add(word(SyncMode.INCREMENTAL));
        }
        // The protocol asks for it where is_resumable is true, though the cursor may be none that a user could choose.
        json.put("source_defined_cursor", true);
        stream.cursor().ifPresent(cursor -> json.set("default_cursor_field", path(cursor)));
        if (!stream.key().isEmpty()) {
            ArrayNode key = json.putArray("source_defined_primary_key");
            stream.key().forEach(pointer -> key.add(path(pointer)));
        }
        json.put("is_resumable", true);
        return json;
    }

    static String word(SyncMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static ArrayNode path(String pointer) {
        ArrayNode path = JsonNodeFactory.instance.arrayNode();
        Pointer.of(pointer).keys().forEach(path::add);
        return path;
    }
}
