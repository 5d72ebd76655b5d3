package dev.headrace.capability;

import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The texts within a value that must not be seen: those that its schema calls {@code writeOnly}, and every {@link Secret}. */
final class SecretsBySchema {

    /** Schemas that refer to themselves have values that end, but an object of a program may be a circle. */
    private static final int DEEPEST = 50;

    private final JsonNode root;
    private final Collection<Secret> found;

    private SecretsBySchema(JsonNode root, Collection<Secret> found) {
        this.root = root;
        this.found = found;
    }

    /** Those in JSON. */
    static void collect(JsonNode schema, @Nullable JsonNode value, Collection<Secret> found) {
        if (value != null) {
            new SecretsBySchema(schema, found).collect(schema, value, false);
        }
    }

    /** Those in an object; what cannot be looked into has none. */
    static void collect(JsonNode schema, @Nullable Object value, Collection<Secret> found) {
        if (value == null) {
            return;
        }
        collectSecrets(value, found, 0);
        try {
            collect(schema, Json.node(value), found);
        } catch (IllegalArgumentException e) {
            // It cannot be written, so neither can what is in it.
        }
    }

    private void collect(JsonNode schema, JsonNode value, boolean secret) {
        String reference = schema.path("$ref").stringValue("");
        JsonNode target = reference.startsWith("#") ? root.at(reference.substring(1)) : root.path("");
        boolean hidden = secret || isWriteOnly(schema) || isWriteOnly(target);
        if (hidden && value.isValueNode() && !value.isNull()) {
            String text = value.asString();
            if (!text.isEmpty() && !text.equals(Secret.MASK)) {
                found.add(Secret.of(text));
            }
        }
        within(schema, value, hidden);
        within(target, value, hidden);
        for (String several : List.of("anyOf", "oneOf", "allOf")) {
            schema.path(several).forEach(one -> collect(one, value, hidden));
        }
    }

    private void within(JsonNode schema, JsonNode value, boolean hidden) {
        JsonNode properties = schema.path("properties");
        value.forEachEntry((name, member) -> collect(
                properties.has(name) ? properties.get(name) : schema.path("additionalProperties"), member, hidden));
        if (value.isArray()) {
            value.forEach(member -> collect(schema.path("items"), member, hidden));
        }
    }

    private static boolean isWriteOnly(JsonNode schema) {
        return schema.path("writeOnly").booleanValue(false);
    }

    private static void collectSecrets(@Nullable Object value, Collection<Secret> found, int depth) {
        if (depth > DEEPEST) {
            return;
        }
        if (value instanceof Secret secret) {
            found.add(secret);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(member -> collectSecrets(member, found, depth + 1));
        } else if (value instanceof Collection<?> members) {
            members.forEach(member -> collectSecrets(member, found, depth + 1));
        } else if (value instanceof Record) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                collectSecrets(component(value, component), found, depth + 1);
            }
        }
    }

    private static @Nullable Object component(Object value, RecordComponent component) {
        try {
            component.getAccessor().trySetAccessible();
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
