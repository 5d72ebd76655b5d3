package dev.headrace.spec;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A piece of a YAML document that knows where it stands. An alias is the very node of its anchor. */
sealed interface YamlNode {

    /** Where it begins. */
    Position at();

    /** The same as JSON. */
    JsonNode json();

    /** How it is called in messages. */
    String kind();

    /** Whether nothing is written here, or {@code null}. */
    default boolean isNull() {
        return false;
    }

    /** A key with its value; keys are text whatever they look like. */
    record Entry(Position at, String key, YamlNode value) {}

    /** Keys and values in the order they are written; no key comes twice. */
    record Mapping(Position at, List<Entry> entries) implements YamlNode {

        public Mapping {
            entries = List.copyOf(entries);
        }

        Optional<Entry> entry(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
        }

        @Override
        public JsonNode json() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            entries.forEach(entry -> object.set(entry.key(), entry.value().json()));
            return object;
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** Values in a row. */
    record Sequence(Position at, List<YamlNode> elements) implements YamlNode {

        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public JsonNode json() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(elements.size());
            elements.forEach(element -> array.add(element.json()));
            return array;
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * A single value.
     *
     * @param text what is written, without quotes and escapes
     * @param json what that is in the core schema of YAML 1.2: text, a number, true, false or null
     * @param layout where each character of the text stands
     */
    record Scalar(Position at, String text, JsonNode json, ScalarLayout layout) implements YamlNode {

        /** Where a character of the text stands. */
        Position at(int offset) {
            return layout.position(text, offset);
        }

        /** The same as text, whatever it looks like. */
        Scalar asText() {
            return new Scalar(at, text, JsonNodeFactory.instance.stringNode(text), layout);
        }

        @Override
        public boolean isNull() {
            return json.isNull();
        }

        @Override
        public String kind() {
            return json.isNull()
                    ? "nothing"
                    : json.isNumber() ? "a number" : json.isBoolean() ? "true or false" : "text";
        }
    }
}
