package dev.headrace.state;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** An element whose position is its number, or that has none. */
record Numbered(int number, boolean positioned) implements Positioned {

    static Numbered at(int number) {
        return new Numbered(number, true);
    }

    static Numbered nowhere(int number) {
        return new Numbered(number, false);
    }

    @Override
    public Optional<JsonNode> position() {
        return positioned ? Optional.of(JsonNodeFactory.instance.numberNode(number)) : Optional.empty();
    }
}
