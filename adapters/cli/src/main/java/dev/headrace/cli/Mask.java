package dev.headrace.cli;

import dev.headrace.http.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What messages must not show: credentials and other secrets that came with a document. Messages may be those of an integration, which may have
 * put anything into them.
 */
final class Mask {

    /** Shorter ones are found in harmless words. */
    private static final int SHORTEST = 4;

    /** What credentials say besides secrets. */
    private static final Set<String> HARMLESS =
            Set.of("id", "model", "username", "scope", "scopes", "client_id", "public_key");

    /** So often may one schema lead to the next without a step into the value; they may go round in a circle. */
    private static final int LONGEST_WAY = 16;

    private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");

    private final Set<String> secrets = new CopyOnWriteArraySet<>();

    /** Hides the credentials of a document: {@code auth} and {@code credentials}. */
    void hide(JsonNode document) {
        collect(document.path("auth"), HARMLESS);
        collect(document.path("credentials"), HARMLESS);
    }

    /**
     * Hides what the schema of a value says that nobody may see: {@code writeOnly}, {@code format: password}, {@code airbyte_secret}, or the
     * {@code x-field_type} SECRET.
     */
    void hide(JsonNode value, JsonNode schema) {
        collect(value, schema, schema, 0);
    }

    private void collect(JsonNode value, JsonNode schema, JsonNode root, int way) {
        if (way > LONGEST_WAY || !schema.isObject() || value.isMissingNode()) {
            return;
        }
        if (isSecret(schema)) {
            collect(value, Set.of());
            return;
        }
        String reference = schema.path("$ref").stringValue("");
        if (reference.startsWith("#")) {
            collect(value, root.at(reference.substring(1)), root, way + 1);
        }
        for (String alternatives : ALTERNATIVES) {
            for (JsonNode each : schema.path(alternatives).values()) {
                collect(value, each, root, way + 1);
            }
        }
        if (value.isObject()) {
            value.properties().forEach(member -> {
                JsonNode named = schema.path("properties").path(member.getKey());
                JsonNode said = named.isMissingNode() ? schema.path("additionalProperties") : named;
                collect(member.getValue(), said, root, 0);
            });
        }
        for (JsonNode item : value.isArray() ? value.values() : List.<JsonNode>of()) {
            collect(item, schema.path("items"), root, 0);
        }
    }

    /** The words by which the Airbyte protocol's form of a configuration is told, so that what it hides is hidden here too. */
    private static boolean isSecret(JsonNode schema) {
        return schema.path("writeOnly").booleanValue(false)
                || schema.path("airbyte_secret").booleanValue(false)
                || schema.path("format").stringValue("").equals("password")
                || schema.path("x-field_type").stringValue("").equals("SECRET");
    }

    private void collect(JsonNode value, Set<String> harmless) {
        if (value.isString() && value.stringValue().length() >= SHORTEST) {
            secrets.add(value.stringValue());
        }
        for (JsonNode item : value.isArray() ? value.values() : List.<JsonNode>of()) {
            collect(item, harmless);
        }
        if (value.isObject()) {
            value.properties().forEach(member -> {
                if (!harmless.contains(member.getKey())) {
                    collect(member.getValue(), harmless);
                }
            });
        }
    }

    String hidden(String text) {
        // The longest first: one may be a part of another.
        List<String> all = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        String masked = text;
        for (String secret : all) {
            masked = masked.replace(secret, Secret.MASK);
        }
        return masked;
    }

    /** The same of all texts in a value. */
    JsonNode hidden(JsonNode value) {
        if (value.isString()) {
            return JsonNodeFactory.instance.stringNode(hidden(value.stringValue()));
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(member -> object.set(member.getKey(), hidden(member.getValue())));
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.values().forEach(item -> array.add(hidden(item)));
            return array;
        }
        return value;
    }
}
