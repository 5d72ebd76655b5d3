package dev.headrace.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * Makes one value of another; {@link Transforms} has the usual ones. Must not change what it is given: trees share their parts.
 *
 * <p>What it throws becomes a {@link MappingException} at the place it was used. A {@link tools.jackson.databind.node.MissingNode} as a
 * result removes the value.
 */
@FunctionalInterface
public interface Transform extends UnaryOperator<JsonNode> {

    /**
     * Makes one value of another.
     *
     * @param value the value, which may be JSON's {@code null}
     * @return another, or the same
     * @throws MappingException if it is not what this transform is for
     */
    @Override
    JsonNode apply(JsonNode value);

    /**
     * What to put where there is no value at all.
     *
     * @return the value; by default empty, which leaves the place empty
     */
    default Optional<JsonNode> forMissing() {
        return Optional.empty();
    }

    /**
     * This transform and then another.
     *
     * @param next gets what this one gives
     * @return both as one
     */
    default Transform then(Transform next) {
        return chain(List.of(this, next));
    }

    /**
     * Several transforms in a row. Where there is no value, the first that {@linkplain #forMissing() fills the place} begins.
     *
     * @param transforms in this order
     * @return all as one; without any, the value stays as it is
     */
    static Transform chain(List<? extends Transform> transforms) {
        return transforms.size() == 1 ? transforms.get(0) : new TransformChain(List.copyOf(transforms));
    }

    /**
     * A transform with a name, by which failures call it.
     *
     * @param name such as {@code country_code}
     * @param function what it does
     * @return the transform
     * @throws IllegalArgumentException if the name is blank
     */
    static Transform named(String name, UnaryOperator<JsonNode> function) {
        return new NamedTransform(name, function, Optional.empty());
    }

    /**
     * Several transforms in a row.
     *
     * @param first the first
     * @param more the others, in this order
     * @return all as one
     */
    static Transform chain(Transform first, Transform... more) {
        List<Transform> all = new ArrayList<>(List.of(more));
        all.add(0, Objects.requireNonNull(first, "first"));
        return chain(all);
    }
}
