package dev.headrace.test;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
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

    /**
     * Refuses what is no JSON.
     *
     * @throws IllegalArgumentException with the text
     */
    static void check(String text) {
        try {
            EXACT.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("No JSON: " + text, e);
        }
    }

    /** A field of an object, as text; empty when it is absent. */
    static String field(String object, String name) {
        return read(object).path(name).asString("");
    }

    /** The tokens of a field of an object, each as it is written: {@code 1.0} is not {@code 1}. Empty when it is absent. */
    static String written(String object, String field) {
        StringBuilder tokens = new StringBuilder();
        try (JsonParser parser = EXACT.createParser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(field);
                int depth = 0;
                do {
                    JsonToken token = parser.nextToken();
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    if (wanted) {
                        tokens.append(token).append(parser.getString()).append('\n');
                    }
                } while (depth > 0);
            }
        } catch (JacksonException e) {
            return "";
        }
        return tokens.toString();
    }

    static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }

    static String array(List<String> items) {
        return "[" + String.join(",", items) + "]";
    }
}
