package dev.headrace.capability;

import dev.headrace.http.Secret;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Objects that callers send: the settings of an integration and the inputs of its capabilities, checked before anything is done with them. */
record ObjectType<S>(String subject, Class<S> type, JsonSchema schema, JsonNode tree) {

    private static final int SHOWN = 5;

    static <S> ObjectType<S> of(Class<S> type) {
        JsonSchema schema = TypeCheck.readable(type, "The settings are");
        return new ObjectType<>("settings", known(type), schema, schema.json());
    }

    static <I> ObjectType<I> input(Capability<I, ?> capability) {
        JsonSchema schema = capability.arguments();
        return new ObjectType<>("request", known(capability.input()), schema, schema.json());
    }

    /** Jackson looks at a type when it first meets it, under a lock for which no event loop should have to wait. */
    private static <T> Class<T> known(Class<T> type) {
        Objects.requireNonNull(Codec.of(type));
        return type;
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
        SecretsBySchema.collect(tree, document.get(subject), secrets);
    }
}
