package dev.headrace.stream;

import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives records another shape, field by field: a plain function over trees, for {@code flux.map(mapping)} behind any decoder. A value:
 * every change gives a new one, and all threads may share it.
 *
 * <pre>{@code
 * FieldMapping.unchanged()
 *         .move("/user/login", "/author")                             // makes the objects on the way to a new place
 *         .map("/created_at", Transforms.isoToTimestamp())
 *         .each("/labels", FieldMapping.select(MappedField.from("/name")))
 *         .when(Conditions.exists("/closed_at"), FieldMapping.unchanged().set("/state", "closed"))
 *         .remove("/url");
 * }</pre>
 *
 * <p>Steps run in the order they were added, each on what the one before it made. Places are JSON Pointers (RFC 6901) from the root of
 * the record; in an array an index replaces an element, and {@code -} or the first index behind the last adds one. Objects that are
 * missing or {@code null} on the way to a new place are made; an array is never made, and any other value on the way is an error.
 * What is not there is left alone, unless {@link #failOnMissing()} says otherwise.
 *
 * <p>The record that comes in is never changed. What a mapping changes it copies; what it does not change, both trees share, so trees are
 * to be treated as values before and behind it. A step that changes nothing gives the same tree.
 *
 * <p>A record that is not what the mapping was made for is a {@link MappingException}, thrown by {@link #apply}, so a {@code Flux} ends with
 * it; {@code onErrorContinue} and the like decide otherwise.
 */
public final class FieldMapping implements Transform {

    private static final FieldMapping UNCHANGED = new FieldMapping(List.of(), false);

    private final List<Step> steps;
    private final boolean failOnMissing;

    /** One change of the whole record. */
    private interface Step {

        JsonNode apply(JsonNode record, boolean failOnMissing);
    }

    private FieldMapping(List<Step> steps, boolean failOnMissing) {
        this.steps = steps;
        this.failOnMissing = failOnMissing;
    }

    /**
     * A mapping to begin with: records stay as they are.
     *
     * @return a mapping without steps
     */
    public static FieldMapping unchanged() {
        return UNCHANGED;
    }

    /**
     * A mapping that makes a new object of the fields named here, and of nothing else. Each is read from the record that comes in.
     *
     * @param fields in the order they are to have; later ones win where two have one place
     * @return a mapping with this one step
     * @throws IllegalArgumentException if there are no fields
     */
    public static FieldMapping select(MappedField... fields) {
        List<MappedField> selected = List.of(fields);
        if (selected.isEmpty()) {
            throw new IllegalArgumentException("fields must not be empty: nothing would be left of a record");
        }
        return UNCHANGED.with((record, required) -> {
            JsonNode result = JsonNodeFactory.instance.objectNode();
            for (MappedField field : selected) {
                result = field.addTo(result, record, required);
            }
            return result;
        });
    }

    private FieldMapping with(Step step) {
        List<Step> all = new ArrayList<>(steps);
        all.add(step);
        return new FieldMapping(List.copyOf(all), failOnMissing);
    }

    /**
     * Gives a field another name, in the same object and at the same place among its fields. A field that has the name already is replaced.
     *
     * @param from where the field is, such as {@code /user/login}
     * @param name its new name, not a pointer, such as {@code name}
     * @return a mapping with one step more
     * @throws IllegalArgumentException if the pointer is malformed or is the whole record
     */
    public FieldMapping rename(String from, String name) {
        Pointer source = part(from);
        Pointer parent = new Pointer(source.keys().subList(0, source.keys().size() - 1));
        String old = source.keys().get(source.keys().size() - 1);
        Objects.requireNonNull(name, "name");
        return with((record, required) -> {
            if (!isThere(record, source, required) || old.equals(name)) {
                return record;
            }
            if (!(Places.find(record, parent) instanceof ObjectNode object)) {
                throw MappingException.at(source, "an element of an array has no name to change");
            }
            return Places.put(record, parent, Places.rename(object, old, name));
        });
    }

    /**
     * Takes a value from one place to another, where it replaces what is there. It is taken away first, so it can be moved into a place
     * below its own.
     *
     * @param from where the value is
     * @param to where it is to be
     * @return a mapping with one step more
     * @throws IllegalArgumentException if a pointer is malformed or {@code from} is the whole record
     */
    public FieldMapping move(String from, String to) {
        Pointer source = part(from);
        Pointer target = Pointer.of(to);
        return with((record, required) -> {
            JsonNode value = source(record, source, required);
            return value == null || source.equals(target)
                    ? record
                    : Places.put(Places.remove(record, source), target, value);
        });
    }

    /**
     * Puts a value at a second place, where it replaces what is there.
     *
     * @param from where the value is
     * @param to where it is to be as well
     * @return a mapping with one step more
     * @throws IllegalArgumentException if a pointer is malformed
     */
    public FieldMapping copy(String from, String to) {
        Pointer source = Pointer.of(from);
        Pointer target = Pointer.of(to);
        return with((record, required) -> {
            JsonNode value = source(record, source, required);
            return value == null ? record : Places.put(record, target, value);
        });
    }

    /**
     * Takes a field or an element away; elements behind it move up.
     *
     * @param path where it is
     * @return a mapping with one step more
     * @throws IllegalArgumentException if the pointer is malformed or is the whole record
     */
    public FieldMapping remove(String path) {
        Pointer place = part(path);
        return with((record, required) -> isThere(record, place, required) ? Places.remove(record, place) : record);
    }

    /**
     * Takes away all fields that are {@code null}, in the record and the objects in it; arrays stay as they are.
     *
     * @return a mapping with one step more
     */
    public FieldMapping removeNulls() {
        return with((record, required) -> Places.withoutNulls(record));
    }

    /**
     * Puts a constant at a place, whether something is there or not.
     *
     * @param path where it is to be
     * @param value a tree, or anything that Jackson can write; null is JSON's {@code null}
     * @return a mapping with one step more
     * @throws IllegalArgumentException if the pointer is malformed or the value cannot be JSON
     */
    public FieldMapping set(String path, @Nullable Object value) {
        Pointer place = Pointer.of(path);
        JsonNode constant = value == null ? NullNode.getInstance() : Json.toTree(value);
        // A copy for each record: whoever changes one record must not change the next.
        return with((record, required) -> Places.put(record, place, constant.deepCopy()));
    }

    /**
     * Makes another value of the one at a place. Another mapping is a transform too, for an object there.
     *
     * @param path where the value is; empty for the whole record
     * @param first what to do with it
     * @param more what to do with the result, in this order
     * @return a mapping with one step more
     * @throws IllegalArgumentException if the pointer is malformed
     */
    public FieldMapping map(String path, Transform first, Transform... more) {
        Pointer place = Pointer.of(path);
        Transform transform = Transform.chain(first, more);
        return with((record, required) -> {
            JsonNode value = Places.find(record, place);
            JsonNode result = transformed(value, place, transform);
            if (result == null) {
                missing(place, required);
                return record;
            }
            return assign(record, place, result);
        });
    }

    /**
     * Makes another value of each element of an array; places in a mapping given here are places in an element. Elements of which nothing
     * is made are left out. For arrays in arrays, put one inside the other.
     *
     * @param path where the array is; {@code null} there is left alone
     * @param first what to do with each element
     * @param more what to do with the result, in this order
     * @return a mapping with one step more
     * @throws IllegalArgumentException if the pointer is malformed
     */
    public FieldMapping each(String path, Transform first, Transform... more) {
        Pointer place = Pointer.of(path);
        Transform transform = Transform.chain(first, more);
        return with((record, required) -> {
            JsonNode value = source(record, place, required);
            if (value == null || value.isNull()) {
                return record;
            }
            if (!(value instanceof ArrayNode array)) {
                throw MappingException.at(place, "expected an array but found " + MappingException.kind(value));
            }
            return Places.put(record, place, eachOf(array, place, transform));
        });
    }

    private static ArrayNode eachOf(ArrayNode array, Pointer place, Transform transform) {
        ArrayNode results = JsonNodeFactory.instance.arrayNode(array.size());
        boolean changed = false;
        for (int index = 0; index < array.size(); index++) {
            JsonNode element = array.get(index);
            List<String> keys = new ArrayList<>(place.keys());
            keys.add(Integer.toString(index));
            JsonNode result = transformed(element, new Pointer(keys), transform);
            changed |= !Places.isSame(result, element);
            if (result != null && !result.isMissingNode()) {
                results.add(result);
            }
        }
        return changed ? results : array;
    }

    /**
     * Does something only with some records.
     *
     * @param condition is asked about the record as the steps before this left it; see {@link Conditions}
     * @param mapping what to do with records for which it holds
     * @return a mapping with one step more
     */
    public FieldMapping when(Predicate<? super JsonNode> condition, Transform mapping) {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(mapping, "mapping");
        return with((record, required) -> holds(condition, record) ? whole(record, mapping) : record);
    }

    /**
     * Does whatever another transform or mapping does with the whole record.
     *
     * @param next gets what this mapping gives
     * @return a mapping with one step more
     */
    @Override
    public FieldMapping then(Transform next) {
        Objects.requireNonNull(next, "next");
        return with((record, required) -> whole(record, next));
    }

    /**
     * Makes it an error if what a step of this mapping is to read or remove is not there; a {@code null} is there. Mappings inside this one
     * decide for themselves.
     *
     * @return this mapping, steps to be added included, without tolerance for missing values
     */
    public FieldMapping failOnMissing() {
        return new FieldMapping(steps, true);
    }

    /**
     * Maps one record.
     *
     * @param record the record; stays as it is
     * @return what the steps make of it
     * @throws MappingException if a step cannot be done with this record
     */
    @Override
    public JsonNode apply(JsonNode record) {
        JsonNode result = record;
        for (Step step : steps) {
            result = step.apply(result, failOnMissing);
        }
        return result;
    }

    private static Pointer part(String path) {
        Pointer place = Pointer.of(path);
        if (place.keys().isEmpty()) {
            throw new IllegalArgumentException("path must lead to a part of the record, but '' is all of it");
        }
        return place;
    }

    private static boolean isThere(JsonNode record, Pointer place, boolean required) {
        return source(record, place, required) != null;
    }

    private static @Nullable JsonNode source(JsonNode record, Pointer place, boolean required) {
        JsonNode value = Places.find(record, place);
        if (value == null) {
            missing(place, required);
        }
        return value;
    }

    /** A step finds nothing at a place, which is nothing to worry about unless someone said so. */
    static void missing(Pointer place, boolean required) {
        if (required) {
            throw MappingException.at(place, "there is nothing, and it is required");
        }
    }

    /** What a transform makes of a value; null if there is none and it makes none of that. */
    static @Nullable JsonNode transformed(@Nullable JsonNode value, Pointer place, Transform transform) {
        try {
            JsonNode result = value == null ? transform.forMissing().orElse(null) : transform.apply(value);
            if (result == null && value != null) {
                throw new MappingException("a transform gave Java's null; for JSON's there is NullNode");
            }
            return result;
        } catch (RuntimeException failure) {
            HeadraceException safe = MappingException.of(failure);
            throw safe instanceof MappingException mapping ? mapping.within(place) : safe;
        }
    }

    static boolean holds(Predicate<? super JsonNode> condition, JsonNode record) {
        try {
            return condition.test(record);
        } catch (RuntimeException failure) {
            throw MappingException.of(failure);
        }
    }

    private static JsonNode whole(JsonNode record, Transform transform) {
        return assign(record, Pointer.ROOT, Objects.requireNonNull(transformed(record, Pointer.ROOT, transform)));
    }

    private static JsonNode assign(JsonNode record, Pointer place, JsonNode value) {
        if (!value.isMissingNode()) {
            return Places.put(record, place, value);
        }
        if (place.keys().isEmpty()) {
            throw new MappingException("nothing is left of the record; a filter leaves out whole records");
        }
        return Places.remove(record, place);
    }
}
