package dev.headrace.stream;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Transforms in a row. */
record TransformChain(List<Transform> transforms) implements Transform {

    @Override
    public JsonNode apply(JsonNode value) {
        JsonNode result = value;
        for (Transform transform : transforms) {
            // What one has removed, the next ones see as a missing value.
            result = result.isMissingNode() ? transform.forMissing().orElse(result) : transform.apply(result);
        }
        return result;
    }

    @Override
    public Optional<JsonNode> forMissing() {
        Optional<JsonNode> result = Optional.empty();
        for (Transform transform : transforms) {
            result = result.isPresent() ? result.map(transform) : transform.forMissing();
        }
        return result;
    }

    @Override
    public String toString() {
        return transforms.stream().map(Transform::toString).collect(Collectors.joining(" > "));
    }
}
