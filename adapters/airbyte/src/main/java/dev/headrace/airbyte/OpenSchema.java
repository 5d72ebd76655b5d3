package dev.headrace.airbyte;

import dev.headrace.json.JsonSchema;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Where the protocol wants a schema that is an object, and there may be none: any object will do. */
final class OpenSchema {

    private OpenSchema() {}

    /** The schema's own copy, if it is an object. */
    static ObjectNode unless(Optional<JsonSchema> known) {
        return known.map(JsonSchema::json)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseGet(OpenSchema::json);
    }

    private static ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "object");
        json.put("additionalProperties", true);
        return json;
    }
}
