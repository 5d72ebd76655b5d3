package dev.headrace.capability;

import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Objects that callers send: the settings of an integration and the inputs of its capabilities, checked before anything is done with them. */
record ObjectType<S>(String subject, Class<S> type, JsonSchema schema) {

    private static final int SHOWN = 5;

    static <S> ObjectType<S> of(Class<S> type) {
        return new ObjectType<>("settings", type, TypeCheck.readable(type, "The settings are"));
    }

    static <I> ObjectType<I> input(Capability<I, ?> capability) {
        return new ObjectType<>("request", capability.input(), capability.arguments());
    }

    /** What the document says under the subject's name; nothing is the same as an empty object. */
    S read(JsonNode document) {
        JsonNode said = document.get(subject);
        JsonNode value = said == null || said.isNull() ? JsonNodeFactory.instance.objectNode() : said;
        List<SchemaViolation> violations = schema.validate(value);
        if (!violations.isEmpty()) {
            List<String> shown = new ArrayList<>(violations.stream()
                    .limit(SHOWN)
                    .map(violation -> "'" + subject + violation.pointer() + "' " + violation.message())
                    .toList());
            if (violations.size() > SHOWN) {
                shown.add("and " + (violations.size() - SHOWN) + " more");
            }
            throw BadRequest.because(String.join("; ", shown));
        }
        try {
            return Json.read(value, type);
        } catch (DecodingException e) {
            throw BadRequest.because("'" + subject + "' cannot be read: " + e.getMessage());
        }
    }

    /** Texts that the schema says nobody may see. */
    void collectSecrets(JsonNode document, List<Secret> secrets) {
        collect(schema.json(), document.get(subject), secrets);
    }

    private static void collect(JsonNode schema, @Nullable JsonNode value, List<Secret> secrets) {
        if (value == null) {
            return;
        }
        if (value.isString() && schema.path("writeOnly").booleanValue(false)) {
            String text = value.stringValue();
            if (!text.isEmpty()) {
                secrets.add(Secret.of(text));
            }
        }
        schema.path("properties").forEachEntry((name, property) -> collect(property, value.get(name), secrets));
    }
}
