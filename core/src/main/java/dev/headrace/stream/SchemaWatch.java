package dev.headrace.stream;

import dev.headrace.decode.OnInvalid;
import dev.headrace.error.FailureKind;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds the records of one reading against their schema, and says what does not fit and what is new, once for each kind. */
final class SchemaWatch {

    // Pointers name properties, and those of a map may be endless.
    private static final int MOST_NOTICES = 100;

    private final String stream;
    private final JsonSchema schema;
    private final JsonNode tree;
    private final OnInvalid onInvalid;
    private final Set<String> said = new HashSet<>();

    SchemaWatch(String stream, JsonSchema schema, OnInvalid onInvalid) {
        this.stream = stream;
        this.schema = schema;
        this.tree = schema.json();
        this.onInvalid = onInvalid;
    }

    /** Whether a record is emitted; throws if it must not even be left out. */
    <T> boolean admits(@Nullable String json, Slice slice, List<Message<T>> notices) {
        JsonNode record = Json.tree(Objects.requireNonNull(json, "record"));
        drift(record, tree, "", slice, notices);
        List<SchemaViolation> violations = schema.validate(record);
        if (violations.isEmpty()) {
            return true;
        }
        if (onInvalid == OnInvalid.FAIL) {
            throw new SchemaViolationException(
                    FailureKind.UNTRUSTED_DATA, "A record of stream '" + stream + "', " + slice, violations);
        }
        for (SchemaViolation violation : violations) {
            say(
                    "invalid " + violation.keyword() + " " + everywhere(violation.pointer()),
                    Notice.Kind.INVALID_RECORD,
                    "records do not fit the schema" + (onInvalid == OnInvalid.DROP ? " and are left out: " : ": ")
                            + violation,
                    slice,
                    notices);
        }
        return onInvalid == OnInvalid.WARN;
    }

    private static String everywhere(String pointer) {
        return pointer.replaceAll("/\\d+(?=/|$)", "/*");
    }

    /** Properties that a schema does not name, where it names any. */
    private <T> void drift(JsonNode value, JsonNode schema, String pointer, Slice slice, List<Message<T>> notices) {
        JsonNode items = schema.path("items");
        if (value.isArray() && items.isObject()) {
            value.forEach(element -> drift(element, items, pointer + "/*", slice, notices));
        }
        JsonNode properties = schema.path("properties");
        if (!value.isObject() || !properties.isObject()) {
            return;
        }
        boolean others = schema.path("additionalProperties").isObject()
                || schema.has("patternProperties")
                || schema.has("allOf")
                || schema.has("anyOf")
                || schema.has("oneOf")
                || schema.has("$ref");
        value.properties().forEach(property -> {
            JsonNode known = properties.get(property.getKey());
            String place = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
            if (known != null) {
                drift(property.getValue(), known, place, slice, notices);
            } else if (!others) {
                say(
                        "drift " + place,
                        Notice.Kind.SCHEMA_DRIFT,
                        "records have '" + place + "', which the schema does not name",
                        slice,
                        notices);
            }
        });
    }

    private <T> void say(String once, Notice.Kind kind, String text, Slice slice, List<Message<T>> notices) {
        if (said.size() < MOST_NOTICES && said.add(once)) {
            notices.add(new Notice<>(stream, kind, "Stream '" + stream + "': " + text, slice, Optional.empty()));
        }
    }
}
