package dev.headrace.stream;

import dev.headrace.json.JsonSchema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
}
