package dev.headrace.stream;

import dev.headrace.json.Pointer;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One field of what {@link FieldMapping#select} makes: where it comes from, where it goes, what happens on the way, and when. A value:
 * every change gives a new one.
 *
 * <p>Places are JSON Pointers (RFC 6901). A field that is not there is left out; one that is {@code null} stays {@code null}.
 */
public final class MappedField {

    private final Pointer source;
    private final Pointer target;
    private final Transform transform;
    private final Predicate<? super JsonNode> condition;
    private final boolean required;

    private MappedField(
            Pointer source,
            Pointer target,
            Transform transform,
            Predicate<? super JsonNode> condition,
            boolean required) {
        this.source = source;
        this.target = target;
        this.transform = transform;
        this.condition = condition;
        this.required = required;
    }

    /**
     * A field that comes from a place and keeps it.
     *
     * @param path where the value is in the record, such as {@code /user/login}; empty for the whole record
     * @return the field
     * @throws IllegalArgumentException if the pointer is malformed
     */
    public static MappedField from(String path) {
        Pointer place = Pointer.of(path);
        return new MappedField(place, place, Transform.chain(List.of()), record -> true, false);
    }

    /**
     * Puts the field at another place.
     *
     * @param path where the value is to be in the new object; objects on the way are made
     * @return this field there
     * @throws IllegalArgumentException if the pointer is malformed
     */
    public MappedField to(String path) {
        return new MappedField(source, Pointer.of(path), transform, condition, required);
    }

    /**
     * Makes another value of the field.
     *
     * @param first what to do with it, after what is done already
     * @param more what to do with the result, in this order
     * @return this field with another value
     */
    public MappedField map(Transform first, Transform... more) {
        return new MappedField(source, target, transform.then(Transform.chain(first, more)), condition, required);
    }

    /**
     * Takes the field only from some records.
     *
     * @param condition is asked about the whole record, as it came in; replaces one set before. See {@link Conditions}
     * @return this field for records for which it holds
     */
    public MappedField when(Predicate<? super JsonNode> condition) {
        return new MappedField(source, target, transform, Objects.requireNonNull(condition, "condition"), required);
    }

    /**
     * Makes it an error if the field is not there, and nothing {@linkplain Transform#forMissing() takes its place}; a {@code null} is there.
     *
     * @return this field without tolerance
     */
    public MappedField required() {
        return new MappedField(source, target, transform, condition, true);
    }

    JsonNode addTo(JsonNode result, JsonNode record, boolean allRequired) {
        if (!FieldMapping.holds(condition, record)) {
            return result;
        }
        @Nullable JsonNode value = FieldMapping.transformed(Places.find(record, source), source, transform);
        if (value == null) {
            FieldMapping.missing(source, required || allRequired);
            return result;
        }
        return value.isMissingNode() ? result : Places.put(result, target, value);
    }
}
