package dev.headrace.spec;

import dev.headrace.json.Pointer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The shapes of single values. */
final class Scalars {

    private static final Pattern EXPRESSION = Pattern.compile("\\{\\{|\\$\\{secret:");

    private static final Shape<String> TEXT =
            scalar("text", EditorSchema.type("string", "number", "boolean"), Scalars::text);

    private static final Shape<Boolean> TRUTH = scalar(
            "true or false",
            EditorSchema.type("boolean").put("default", false),
            (found, scalar) -> scalar.json().isBoolean()
                    ? Boolean.valueOf(scalar.json().booleanValue())
                    : found.unexpected("true or false"));

    private static final Shape<Double> NUMBER = scalar("a number", EditorSchema.type("number"), (found, scalar) -> {
        if (!scalar.json().isNumber()) {
            return found.unexpected("a number");
        }
        double number = scalar.json().decimalValue().doubleValue();
        return Double.isFinite(number)
                ? Double.valueOf(number)
                : found.problem("is too large a number; at most 1.7e308");
    });

    private static final Shape<Duration> DURATION =
            made("a duration such as 500ms, 2s, 1m, 1h, 1d or PT1M", Amounts::duration);

    private static final Shape<Amounts.Rate> RATE = made("a rate such as 10/s, 100/10s or 5000/1h", Amounts::rate);

    private static final Shape<String> POINTER =
            made("a JSON Pointer such as /data/items, or a path such as data.items", Scalars::pointer);

    private Scalars() {}

    /** Text; what looks like a number or a truth is text here as it is written. */
    static Shape<String> text() {
        return TEXT;
    }

    static Shape<Boolean> truth() {
        return TRUTH;
    }

    static Shape<Double> number() {
        return NUMBER;
    }

    /** A whole number; what the Java value makes of it limits it further. */
    static Shape<Integer> integer() {
        return whole().map(Math::toIntExact);
    }

    static Shape<Long> whole() {
        return scalar("a whole number", EditorSchema.type("integer"), (found, scalar) -> {
            boolean fits = scalar.json().isIntegralNumber() && scalar.json().canConvertToLong();
            return fits ? Long.valueOf(scalar.json().longValue()) : found.unexpected("a whole number");
        });
    }

    static Shape<Duration> duration() {
        return DURATION;
    }

    static Shape<Amounts.Rate> rate() {
        return RATE;
    }

    /** A JSON Pointer; a path with dots becomes one. */
    static Shape<String> pointer() {
        return POINTER;
    }

    /** Text of which something is made that may refuse it. */
    static <T> Shape<T> of(String expected, Function<? super String, ? extends T> made) {
        return made(expected, made);
    }

    /** One of the names of an enum, in lower case. */
    static <E extends Enum<E>> Shape<E> word(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E value : EnumSet.allOf(type)) {
            words.put(value.name().toLowerCase(Locale.ROOT), value);
        }
        return word(words);
    }

    /** One of some words. */
    static <T> Shape<T> word(Map<String, ? extends T> words) {
        ObjectNode schema = EditorSchema.anything();
        ArrayNode names = schema.putArray("enum");
        words.keySet().forEach(names::add);
        String expected = oneOf(List.copyOf(words.keySet()));
        return scalar(expected, schema, (found, scalar) -> {
            T value = words.get(scalar.text());
            return value != null || scalar.isNull()
                    ? value != null ? value : found.unexpected(expected)
                    : found.problem("expected " + expected + " but found " + Suggestion.quoted(scalar.text())
                            + Suggestion.of(scalar.text(), words.keySet()));
        });
    }

    /** Text that may hold expressions on some of what there is; 007 stays 007. */
    static Shape<Template> template(Root... roots) {
        return template(false, false, roots);
    }

    /** Text that may hold expressions and secrets; 007 stays 007. */
    static Shape<Template> secret(Root... roots) {
        return template(true, false, roots);
    }

    /** A value of JSON, or text that may hold expressions, and secrets if it takes them; 7 is a number. */
    static Shape<Template> value(boolean takesSecrets, Root... roots) {
        return template(takesSecrets, true, roots);
    }

    private static Shape<Template> template(boolean takesSecrets, boolean typed, Root... roots) {
        Set<Root> known = roots.length == 0 ? Set.of() : EnumSet.copyOf(Arrays.asList(roots));
        String allowed = "May hold expressions on "
                + oneOf(known.stream().map(Root::word).toList())
                + (takesSecrets ? ", and secrets." : ".");
        return scalar(
                "text",
                EditorSchema.described(EditorSchema.type("string", "number", "boolean"), allowed),
                (found, scalar) -> scalar.isNull()
                        ? found.unexpected("text")
                        : Template.read(found, typed ? scalar : scalar.asText(), takesSecrets, known)
                                .orElse(null));
    }

    /** The first words of what an enumeration of keys or words is called. */
    static String oneOf(List<String> words) {
        return words.size() == 1
                ? words.get(0)
                : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1);
    }

    private static <T> Shape<T> scalar(
            String expected, ObjectNode schema, BiFunction<Found, YamlNode.Scalar, @Nullable T> reading) {
        Supplier<ObjectNode> copy = schema::deepCopy;
        return new Shape<>() {
            @Override
            public @Nullable T read(Found found) {
                return found.node() instanceof YamlNode.Scalar scalar
                        ? reading.apply(found, scalar)
                        : found.unexpected(expected);
            }

            @Override
            public ObjectNode schema(EditorSchema editor) {
                return copy.get();
            }
        };
    }

    private static <T> Shape<T> made(String expected, Function<? super String, ? extends T> made) {
        return scalar(
                expected,
                EditorSchema.described(EditorSchema.type("string", "number"), "Written as " + expected + "."),
                (found, scalar) -> {
                    String text = text(found, scalar);
                    return text == null ? null : Shape.accepted(found, () -> made.apply(text));
                });
    }

    private static @Nullable String text(Found found, YamlNode.Scalar scalar) {
        return scalar.isNull() ? found.unexpected("text") : isPlain(found, scalar) ? scalar.text() : null;
    }

    /**
     * Whether it is meant as it is written; what looks like an expression where there is none would be a surprise
     * later.
     */
    static boolean isPlain(Found found, YamlNode.Scalar scalar) {
        Matcher expression = EXPRESSION.matcher(scalar.text());
        if (!expression.find()) {
            return true;
        }
        found.<String>problem(scalar.at(expression.start()), "no expression and no secret can stand here");
        return false;
    }

    static String pointer(String text) {
        if (text.isEmpty() || text.startsWith("/")) {
            return Pointer.of(text).toString();
        }
        if (text.startsWith("$") || text.startsWith(".") || text.endsWith(".") || text.contains("..")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a JSON Pointer such as /data/items nor a path such as data.items");
        }
        return "/" + text.replace("~", "~0").replace("/", "~1").replace('.', '/');
    }
}
