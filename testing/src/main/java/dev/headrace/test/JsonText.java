package dev.headrace.test;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** JSON as fakes need it: written as text, read as trees that keep every digit. */
final class JsonText {

    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonText() {}

    /** A tree; an empty object for what is no JSON. */
    static JsonNode read(String text) {
        try {
            return EXACT.readTree(text);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** A field of an object, as text; empty when it is absent. */
    static String field(String object, String name) {
        return read(object).path(name).asString("");
    }

    static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }

    static String array(List<String> items) {
        return "[" + String.join(",", items) + "]";
    }
}
