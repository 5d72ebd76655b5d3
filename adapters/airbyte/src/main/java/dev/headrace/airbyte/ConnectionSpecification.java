package dev.headrace.airbyte;

import dev.headrace.json.JsonSchema;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of a configuration in the protocol's words: {@code airbyte_secret} where a value is not to be shown, and {@code airbyte_hidden},
 * {@code multiline} and {@code order} for the form.
 *
 * <p>Only schemas are marked; what stands in {@code default}, {@code enum} or {@code examples} is a value, and a property may be called
 * {@code format}.
 */
final class ConnectionSpecification {

    /** Keywords whose value is a schema, or a list of schemas (JSON Schema 2020-12, and earlier drafts). */
    private static final Set<String> SCHEMAS = Set.of(
            "items",
            "prefixItems",
            "additionalItems",
            "unevaluatedItems",
            "contains",
            "additionalProperties",
            "unevaluatedProperties",
            "propertyNames",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else");

    /** Keywords whose value has a schema for each name. */
    private static final Set<String> SCHEMAS_BY_NAME =
            Set.of("properties", "patternProperties", "dependentSchemas", "$defs", "definitions");

    private ConnectionSpecification() {}

    static ObjectNode of(Optional<JsonSchema> schema) {
        ObjectNode json = OpenSchema.unless(schema);
        mark(json);
        return json;
    }

    private static void mark(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return;
        }
        object.properties().forEach(keyword -> {
            JsonNode value = keyword.getValue();
            if (SCHEMAS_BY_NAME.contains(keyword.getKey()) && value.isObject()) {
                value.forEach(ConnectionSpecification::mark);
            } else if (SCHEMAS.contains(keyword.getKey())) {
                if (value.isArray()) {
                    value.forEach(ConnectionSpecification::mark);
                } else {
                    mark(value);
                }
            }
        });
        String field = object.path("x-field_type").stringValue("");
        boolean secret = field.equals("SECRET")
                || object.path("writeOnly").booleanValue(false)
                || object.path("format").stringValue("").equals("password");
        put(object, "airbyte_secret", secret);
        put(object, "airbyte_hidden", field.equals("HIDDEN"));
        put(object, "multiline", field.equals("MULTI_LINES"));
        JsonNode order = object.path("x-order");
        if (order.isInt() && !object.has("order")) {
            object.set("order", order);
        }
    }

    private static void put(ObjectNode object, String mark, boolean applies) {
        if (applies) {
            object.put(mark, true);
        }
    }
}
