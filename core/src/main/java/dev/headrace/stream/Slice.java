package dev.headrace.stream;

import dev.headrace.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A part of a stream that is read by a series of requests of its own: one repository, one account, a batch of ids. Immutable.
 *
 * <p>A value that has the name of a variable in the request's URI or body template goes there; others go where
 * {@link RecordStream#place} says, or nowhere. Progress is kept for each slice, under its values: two slices are the same if they have the
 * same values under the same names.
 */
public final class Slice {

    /** The whole stream, where it has no slices. */
    public static final Slice EMPTY = new Slice(Map.of());

    private final Map<String, JsonNode> values;

    private Slice(Map<String, JsonNode> values) {
        this.values = values;
    }

    /**
     * A slice of one value.
     *
     * @param name its name, such as {@code owner}
     * @param value text, a number, a boolean, a list of those, or a tree
     * @return the slice
     * @throws IllegalArgumentException if the name is empty, or Jackson cannot write such a value
     */
    public static Slice of(String name, Object value) {
        return EMPTY.with(name, value);
    }

    /**
     * A slice of several values.
     *
     * @param values names and values, in their order
     * @return the slice
     * @throws IllegalArgumentException as {@link #of(String, Object)}
     */
    public static Slice of(Map<String, ?> values) {
        Slice slice = EMPTY;
        for (Map.Entry<String, ?> value : values.entrySet()) {
            slice = slice.with(value.getKey(), value.getValue());
        }
        return slice;
    }

    static Slice of(JsonNode object) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        object.properties().forEach(value -> values.put(value.getKey(), Json.toTree(value.getValue())));
        return values.isEmpty() ? EMPTY : new Slice(values);
    }

    /**
     * The same with one more value, or another one of that name.
     *
     * @param name its name
     * @param value as for {@link #of(String, Object)}
     * @return a new slice
     * @throws IllegalArgumentException as {@link #of(String, Object)}
     */
    public Slice with(String name, Object value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("The name of a slice's value must not be empty");
        }
        Map<String, JsonNode> more = new LinkedHashMap<>(values);
        // A node of a long and one of an int differ even if both are 7; as they are read from text, like a state, they
        // are the same.
        more.put(name, Json.toTree(Objects.requireNonNull(value, "value")));
        return new Slice(more);
    }

    /**
     * One value.
     *
     * @param name its name
     * @return the value, or empty if there is none of that name
     */
    public Optional<JsonNode> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * One value as text.
     *
     * @param name its name
     * @return text as it is, anything else as JSON
     * @throws IllegalArgumentException if there is none of that name
     */
    public String text(String name) {
        return get(name)
                .map(value -> value.isString() ? value.stringValue() : value.toString())
                .orElseThrow(() ->
                        new IllegalArgumentException("The slice has no value " + name + ", only " + values.keySet()));
    }

    /**
     * All values.
     *
     * @return names and values, in their order; not to be changed
     */
    public Map<String, JsonNode> values() {
        return Collections.unmodifiableMap(values);
    }

    /**
     * The slice as it stands in a state.
     *
     * @return an object, a copy
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        values.forEach((name, value) -> json.set(name, value.deepCopy()));
        return json;
    }

    /** Values as a URI template takes them. */
    static Object plain(JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isNumber()) {
            return value.numberValue();
        }
        if (value.isArray()) {
            return value.valueStream()
                    .map((Function<JsonNode, Object>) Slice::plain)
                    .toList();
        }
        return value.isBoolean() ? (Object) value.booleanValue() : value.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Slice slice && slice.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Slice" + json();
    }
}
