package dev.headrace.stream;

import dev.headrace.json.JsonSchema;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is known of a stream before it is read.
 *
 * @param name its name
 * @param namespace what its name belongs to, if anything
 * @param key JSON Pointers to what identifies a record, in their order; empty if nothing does
 * @param cursor a JSON Pointer to what records are read incrementally by, if that is in the records
 * @param syncModes how it can be read
 * @param schema what its records look like, if that was said
 */
public record StreamDescription(
        String name,
        Optional<String> namespace,
        List<String> key,
        Optional<String> cursor,
        Set<SyncMode> syncModes,
        Optional<JsonSchema> schema) {

    /**
     * Copies the lists.
     *
     * @param name its name
     * @param namespace what its name belongs to
     * @param key what identifies a record
     * @param cursor what records are read incrementally by
     * @param syncModes how it can be read
     * @param schema what its records look like
     */
    public StreamDescription {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(namespace, "namespace");
        key = List.copyOf(key);
        Objects.requireNonNull(cursor, "cursor");
        syncModes = Set.copyOf(syncModes);
        Objects.requireNonNull(schema, "schema");
    }

    /**
     * The same as programs exchange it: {@code {"name":"issues","namespace":null,"key":["/number"],"cursor":"/updated_at",
     * "sync_modes":["full_refresh","incremental"],"schema":{…}}}. What is not known is null.
     *
     * @return a new object
     */
    public JsonNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name);
        json.put("namespace", namespace.orElse(null));
        ArrayNode pointers = json.putArray("key");
        key.forEach(pointers::add);
        json.put("cursor", cursor.orElse(null));
        ArrayNode modes = json.putArray("sync_modes");
        syncModes.stream()
                .sorted()
                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                .forEach(modes::add);
        json.set("schema", schema.map(JsonSchema::json).orElseGet(JsonNodeFactory.instance::nullNode));
        return json;
    }
}
