package dev.headrace.airbyte;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which stream ({@code StreamDescriptor}), as the configured catalog calls it: all messages of the stream call it the same, or the platform
 * could not tell whose they are.
 *
 * @param name the stream's name
 * @param namespace what the name belongs to, if anything
 */
record StreamDescriptor(String name, @Nullable String namespace) {

    /** What an object with {@code name} and {@code namespace} says; empty text is no namespace. Null if it has no name. */
    static @Nullable StreamDescriptor of(JsonNode json) {
        String name = json.path("name").stringValue("");
        String namespace = json.path("namespace").stringValue("");
        return name.isEmpty() ? null : new StreamDescriptor(name, namespace.isEmpty() ? null : namespace);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name);
        if (namespace != null) {
            json.put("namespace", namespace);
        }
        return json;
    }
}
