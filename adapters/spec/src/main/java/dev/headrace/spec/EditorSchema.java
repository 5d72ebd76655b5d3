package dev.headrace.spec;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema for editors while it is made: every section is defined once, by its name. */
final class EditorSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    /** A document of that shape. */
    static ObjectNode of(Shape<?> root, String title, String description) {
        EditorSchema schema = new EditorSchema();
        ObjectNode reference = root.schema(schema);
        ObjectNode document = JSON.objectNode();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.put("title", title);
        document.put("description", description);
        document.setAll(reference);
        ObjectNode all = document.putObject("$defs");
        schema.definitions.forEach(all::set);
        return document;
    }

    /** A reference to a section, which is made unless it is there already; it may refer to itself. */
    ObjectNode defined(String name, Supplier<ObjectNode> making) {
        if (!definitions.containsKey(name)) {
            definitions.put(name, JSON.objectNode());
            definitions.put(name, making.get());
        }
        return JSON.objectNode().put("$ref", "#/$defs/" + name);
    }

    static ObjectNode type(String... types) {
        if (types.length == 1) {
            return JSON.objectNode().put("type", types[0]);
        }
        ObjectNode schema = JSON.objectNode();
        ArrayNode all = schema.putArray("type");
        for (String type : types) {
            all.add(type);
        }
        return schema;
    }

    static ObjectNode anything() {
        return JSON.objectNode();
    }

    /** One of several; a single one is itself. */
    static ObjectNode anyOf(Iterable<ObjectNode> schemas) {
        ArrayNode all = JSON.arrayNode();
        schemas.forEach(all::add);
        if (all.size() == 1) {
            return (ObjectNode) all.get(0);
        }
        ObjectNode schema = JSON.objectNode();
        schema.set("anyOf", all);
        return schema;
    }

    /** The same with a line for whoever writes it, before what is said of it already. */
    static ObjectNode described(ObjectNode schema, String description) {
        String more = schema.path("description").asString("");
        ObjectNode described = JSON.objectNode().put("description", "");
        described.setAll(schema);
        return described.put("description", more.isEmpty() ? description : description + " " + more);
    }
}
