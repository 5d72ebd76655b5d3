package dev.headrace.capability;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas within other documents. Their references begin at their own root, {@code #/$defs/Name} or {@code #}, and have to begin at that of the
 * document they were put into.
 */
final class EmbeddedSchemas {

    private EmbeddedSchemas() {}

    /** A schema whose properties are schemas with references of their own. */
    static ObjectNode hoisted(ObjectNode schema) {
        ObjectNode hoisted = schema.deepCopy();
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        hoisted.path("properties")
                .forEachEntry((name, property) -> properties.set(name, placed(property, "#/properties/" + name)));
        hoisted.set("properties", properties);
        return hoisted;
    }

    /** A schema as it stands at a place of another document, a JSON Pointer behind {@code #}. */
    static JsonNode placed(JsonNode schema, String place) {
        if (schema instanceof ObjectNode object) {
            ObjectNode placed = JsonNodeFactory.instance.objectNode();
            object.forEachEntry((name, value) -> {
                if (name.equals("$ref")
                        && value.isString()
                        && value.stringValue().startsWith("#")) {
                    placed.put(name, place + value.stringValue().substring(1));
                } else if (!name.equals("$schema") || !value.isString()) {
                    placed.set(name, placed(value, place));
                }
            });
            return placed;
        }
        if (schema instanceof ArrayNode array) {
            ArrayNode placed = JsonNodeFactory.instance.arrayNode();
            array.forEach(value -> placed.add(placed(value, place)));
            return placed;
        }
        return schema;
    }
}
