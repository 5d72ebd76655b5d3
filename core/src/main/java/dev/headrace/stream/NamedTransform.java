package dev.headrace.stream;

import dev.headrace.error.HeadraceException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** A transform that says in every failure what it is called. */
final class NamedTransform implements Transform {

    private final String name;
    private final UnaryOperator<JsonNode> function;
    private final Optional<JsonNode> forMissing;

    NamedTransform(String name, UnaryOperator<JsonNode> function, Optional<JsonNode> forMissing) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a transform must not be blank");
        }
        this.name = name;
        this.function = Objects.requireNonNull(function, "function");
        this.forMissing = forMissing;
    }

    @Override
    public JsonNode apply(JsonNode value) {
        try {
            return function.apply(value);
        } catch (RuntimeException failure) {
            HeadraceException safe = MappingException.of(failure);
            throw safe instanceof MappingException mapping ? mapping.by(name) : safe;
        }
    }

    @Override
    public Optional<JsonNode> forMissing() {
        return forMissing;
    }

    @Override
    public String toString() {
        return name;
    }
}
