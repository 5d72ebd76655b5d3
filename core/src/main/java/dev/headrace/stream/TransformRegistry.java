package dev.headrace.stream;

import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Transforms by name, for mappings that are read from configuration. A value: every change gives a new one, so nobody's names reach
 * anybody else. {@link Transforms#standard()} is the one to begin with.
 */
public final class TransformRegistry {

    private static final TransformRegistry EMPTY = new TransformRegistry(new TreeMap<>());

    private final SortedMap<String, Function<? super JsonNode, ? extends Transform>> factories;

    private TransformRegistry(SortedMap<String, Function<? super JsonNode, ? extends Transform>> factories) {
        this.factories = factories;
    }

    static TransformRegistry empty() {
        return EMPTY;
    }

    /**
     * Adds a transform, or replaces the one that has its name.
     *
     * @param name such as {@code country_code}; failures call the transform by it, unless it has a name already
     * @param transform what it stands for
     * @return a registry with this name
     * @throws IllegalArgumentException if the name is blank
     */
    public TransformRegistry with(String name, Transform transform) {
        Transform named = new NamedTransform(name, transform, transform.forMissing());
        return withParameters(name, parameters -> {
            if (!parameters.isEmpty()) {
                throw new IllegalArgumentException("transform '" + name + "' takes no parameters");
            }
            return named;
        });
    }

    /**
     * Adds transforms that are made of parameters, or replaces what has their name.
     *
     * @param name such as {@code number}
     * @param factory makes a transform of an object, which is empty if there are no parameters; throws
     *     {@link IllegalArgumentException} if it does not like them
     * @return a registry with this name
     * @throws IllegalArgumentException if the name is blank
     */
    public TransformRegistry withParameters(String name, Function<? super JsonNode, ? extends Transform> factory) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a transform must not be blank");
        }
        SortedMap<String, Function<? super JsonNode, ? extends Transform>> more = new TreeMap<>(factories);
        more.put(name, Objects.requireNonNull(factory, "factory"));
        return new TransformRegistry(more);
    }

    /**
     * The transform that a name stands for.
     *
     * @param name its name
     * @return the transform
     * @throws IllegalArgumentException if there is no such name, or it stands for nothing without parameters
     */
    public Transform get(String name) {
        return get(name, JsonNodeFactory.instance.objectNode());
    }

    /**
     * The transform that a name and parameters stand for.
     *
     * @param name its name
     * @param parameters an object; empty for none
     * @return the transform
     * @throws IllegalArgumentException if there is no such name, or it takes no such parameters
     */
    public Transform get(String name, JsonNode parameters) {
        Function<? super JsonNode, ? extends Transform> factory = factories.get(name);
        if (factory == null) {
            throw new IllegalArgumentException(
                    "there is no transform '" + name + "'; there are " + String.join(", ", factories.keySet()));
        }
        if (!parameters.isObject()) {
            throw new IllegalArgumentException("parameters of transform '" + name + "' must be an object, but are "
                    + MappingException.kind(parameters));
        }
        return factory.apply(parameters);
    }

    /**
     * The transforms that some names stand for, in a row.
     *
     * @param names in this order
     * @return all as one
     * @throws IllegalArgumentException if there is no such name
     */
    public Transform chain(String... names) {
        return Transform.chain(Arrays.stream(names).map(this::get).toList());
    }

    /**
     * What there is.
     *
     * @return all names, in order
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(factories.keySet());
    }
}
