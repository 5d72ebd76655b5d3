package dev.headrace.stream;

import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What can be asked of a record; made for static import. {@link Predicate#not}, {@code and} and {@code or} combine them, and any
 * {@code Predicate<JsonNode>} will do beside them. Places are JSON Pointers (RFC 6901).
 *
 * <p>Numbers are compared by what they count, {@code 1} is {@code 1.0}; text is compared code unit by code unit, so ISO 8601 times of one
 * format and offset compare as times.
 */
public final class Conditions {

    private Conditions() {}

    /**
     * Something is at a place, and it is not {@code null}.
     *
     * @param path where to look
     * @return the condition
     * @throws IllegalArgumentException if the pointer is malformed
     */
    public static Predicate<JsonNode> exists(String path) {
        return at(path, value -> !value.isNull());
    }

    /**
     * A value is at a place. What is not there equals nothing, not even {@code null}.
     *
     * @param path where to look
     * @param value a text, number, boolean, or anything else that Jackson can write
     * @return the condition
     * @throws IllegalArgumentException if the pointer is malformed or the value cannot be JSON
     */
    public static Predicate<JsonNode> equalTo(String path, Object value) {
        JsonNode wanted = Json.toTree(value);
        return at(path, found -> found.equals(wanted) || compares(found, wanted, order -> order == 0));
    }

    /**
     * More than a value is at a place. Holds for numbers and numbers or for text and text, and for nothing else.
     *
     * @param path where to look
     * @param value a number or text
     * @return the condition
     * @throws IllegalArgumentException if the pointer is malformed or the value is neither a number nor text
     */
    public static Predicate<JsonNode> greaterThan(String path, Object value) {
        JsonNode bound = bound(value);
        return at(path, found -> compares(found, bound, order -> order > 0));
    }

    /**
     * Less than a value is at a place. Holds for numbers and numbers or for text and text, and for nothing else.
     *
     * @param path where to look
     * @param value a number or text
     * @return the condition
     * @throws IllegalArgumentException if the pointer is malformed or the value is neither a number nor text
     */
    public static Predicate<JsonNode> lessThan(String path, Object value) {
        JsonNode bound = bound(value);
        return at(path, found -> compares(found, bound, order -> order < 0));
    }

    private static Predicate<JsonNode> at(String path, Predicate<JsonNode> condition) {
        Pointer place = Pointer.of(path);
        return record -> {
            @Nullable JsonNode value = Places.find(record, place);
            return value != null && condition.test(value);
        };
    }

    private static JsonNode bound(Object value) {
        JsonNode bound = Json.toTree(value);
        if (!bound.isNumber() && !bound.isString()) {
            throw new IllegalArgumentException(
                    "value must be a number or text, but is " + value.getClass().getName());
        }
        return bound;
    }

    private static boolean compares(JsonNode found, JsonNode bound, IntPredicate order) {
        if (found.isNumber() && bound.isNumber()) {
            return order.test(found.decimalValue().compareTo(bound.decimalValue()));
        }
        return found.isString()
                && bound.isString()
                && order.test(found.stringValue().compareTo(bound.stringValue()));
    }
}
