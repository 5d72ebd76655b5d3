package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Redactor;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import dev.headrace.resilience.Evidence.Finding;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One thing an {@link ErrorRule} asks of a response or a failure; made for static import.
 *
 * <p>Conditions on the body see its first 64 KiB. What cannot be decided from those does not hold, {@linkplain #not reversed} or not. Values are
 * found by JSON Pointer (RFC 6901); where there is an array, one element that fits is enough; {@code null}, an empty array and nothing are
 * the same.
 */
public final class ErrorCondition {

    private final String words;
    private final boolean onFailure;
    private final Function<Evidence, Finding> test;

    private ErrorCondition(String words, boolean onFailure, Function<Evidence, Finding> test) {
        this.words = words;
        this.onFailure = onFailure;
        this.test = test;
    }

    private static ErrorCondition onResponse(String words, Function<Evidence, Finding> test) {
        return new ErrorCondition(words, false, test);
    }

    /**
     * The response has one of these statuses.
     *
     * @param statuses one or more
     * @return the condition
     */
    public static ErrorCondition status(int... statuses) {
        int[] sorted = statuses.clone();
        Arrays.sort(sorted);
        return onResponse(
                "status " + joined(Arrays.stream(sorted).boxed().toList()),
                evidence -> evidence.ofStatus(status -> Arrays.binarySearch(sorted, status) >= 0));
    }

    /**
     * The response's status lies in a range.
     *
     * @param lowest such as 500
     * @param highest such as 599, included
     * @return the condition
     */
    public static ErrorCondition statusBetween(int lowest, int highest) {
        if (lowest > highest) {
            throw new IllegalArgumentException("lowest must not be above highest, but is " + lowest + " to " + highest);
        }
        return onResponse(
                "status " + lowest + " to " + highest,
                evidence -> evidence.ofStatus(status -> status >= lowest && status <= highest));
    }

    /**
     * The response has a header, whatever its value.
     *
     * @param name the header's name, in any case
     * @return the condition
     */
    public static ErrorCondition header(String name) {
        return onResponse("header " + name, evidence -> evidence.ofHeader(name, value -> true));
    }

    /**
     * The response has a header with a value.
     *
     * @param name the header's name, in any case
     * @param value one of its values, exactly
     * @return the condition
     */
    public static ErrorCondition header(String name, String value) {
        return onResponse(
                "header " + name + ": " + Redactor.value(name, value),
                evidence -> evidence.ofHeader(name, value::equals));
    }

    /**
     * The response has a header in whose value something is found.
     *
     * @param name the header's name, in any case
     * @param regex found anywhere in one of its values
     * @return the condition
     * @throws java.util.regex.PatternSyntaxException if the expression is malformed
     */
    public static ErrorCondition headerMatches(String name, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return onResponse(
                "header " + name + " like " + regex, evidence -> evidence.ofHeader(name, pattern.asPredicate()));
    }

    /**
     * The response's JSON has something at a place.
     *
     * @param pointer such as {@code /errors}
     * @return the condition
     * @throws IllegalArgumentException if the pointer is malformed
     */
    public static ErrorCondition bodyAt(String pointer) {
        Pointer place = Pointer.of(pointer);
        return onResponse("body at " + pointer, evidence -> evidence.ofValueAt(place, value -> !value.isNull()));
    }

    /**
     * The response's JSON has one of these values at a place. Numbers are compared by what they count, {@code 1} is {@code 1.0}.
     *
     * @param pointer such as {@code /error/code}
     * @param value a text, number, boolean, or anything else that Jackson can write
     * @param others more of them
     * @return the condition
     * @throws IllegalArgumentException if the pointer is malformed or a value cannot be JSON
     */
    public static ErrorCondition bodyAt(String pointer, Object value, Object... others) {
        Pointer place = Pointer.of(pointer);
        List<JsonNode> wanted = Stream.concat(Stream.of(value), Arrays.stream(others))
                .map(Json::toTree)
                .toList();
        return onResponse(
                "body at " + pointer + " " + joined(wanted),
                evidence -> evidence.ofValueAt(place, found -> wanted.stream().anyMatch(one -> isEqual(one, found))));
    }

    /**
     * The response's body has a text in it, in upper or lower case.
     *
     * @param text what to look for
     * @return the condition
     */
    public static ErrorCondition bodyContains(String text) {
        return bodyHas("body with '" + text + "'", Pattern.compile(text, Pattern.LITERAL | Pattern.CASE_INSENSITIVE));
    }

    /**
     * Something is found in the response's body.
     *
     * @param regex found anywhere in its text, read as UTF-8
     * @return the condition
     * @throws java.util.regex.PatternSyntaxException if the expression is malformed
     */
    public static ErrorCondition bodyMatches(String regex) {
        return bodyHas("body like " + regex, Pattern.compile(regex));
    }

    private static ErrorCondition bodyHas(String words, Pattern pattern) {
        return onResponse(words, evidence -> evidence.ofText(pattern.asPredicate()));
    }

    /**
     * There is no response, but a failure of a class.
     *
     * @param type the class, or one above it
     * @return the condition
     */
    public static ErrorCondition failure(Class<? extends Throwable> type) {
        return new ErrorCondition(type.getSimpleName(), true, evidence -> evidence.ofFailure(type::isInstance));
    }

    /**
     * There is no response, but a failure of a kind.
     *
     * @param kind what a caller could do about it
     * @return the condition
     */
    public static ErrorCondition failure(FailureKind kind) {
        Objects.requireNonNull(kind, "kind");
        return new ErrorCondition(
                "failure " + kind,
                true,
                evidence -> evidence.ofFailure(
                        failure -> failure instanceof HeadraceException known && known.kind() == kind));
    }

    /**
     * A condition does not hold.
     *
     * @param condition on a response or a failure
     * @return a condition on the same
     */
    public static ErrorCondition not(ErrorCondition condition) {
        return new ErrorCondition(
                "not " + condition.words,
                condition.onFailure,
                evidence -> condition.test.apply(evidence).reversed());
    }

    boolean isOnFailure() {
        return onFailure;
    }

    Finding test(Evidence evidence) {
        return test.apply(evidence);
    }

    private static boolean isEqual(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    private static String joined(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" or "));
    }

    @Override
    public String toString() {
        return words;
    }
}
