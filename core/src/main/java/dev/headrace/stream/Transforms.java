package dev.headrace.stream;

import java.math.BigDecimal;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/**
 * The usual transforms, for {@link FieldMapping#map}, {@link FieldMapping#each} and {@link MappedField#map}; made for static import. In
 * configuration each has a name, {@code iso_to_timestamp} for {@link #isoToTimestamp()}; {@link #standard()} finds them by it.
 *
 * <p>All leave {@code null} as it is, except those whose purpose it is. What they cannot transform is a {@link MappingException}, which
 * does not show it. Numbers are exact: whole ones of any size, decimals with all their digits.
 */
public final class Transforms {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final NullNode NULL = NullNode.getInstance();

    private static final Map<String, Boolean> TRUTH = Map.of(
            "true", true, "yes", true, "on", true, "1", true, "false", false, "no", false, "off", false, "0", false);

    private static final Transform ISO_TO_TIMESTAMP = unlessNull("iso_to_timestamp", Timestamps::seconds);
    private static final Transform TIMESTAMP_TO_ISO = unlessNull("timestamp_to_iso", Timestamps::text);
    private static final Transform LOWERCASE = ofText("lowercase", text -> text.toLowerCase(Locale.ROOT));
    private static final Transform UPPERCASE = ofText("uppercase", text -> text.toUpperCase(Locale.ROOT));
    private static final Transform STRIP = ofText("strip", String::strip);
    private static final Transform STRIP_EMOJI = ofText("strip_emoji", Emoji::strip);
    private static final Transform TO_STRING = unlessNull("to_string", Transforms::text);
    private static final Transform TO_INT = unlessNull(
            "to_int", value -> Exact.whole(Exact.cut(Exact.number(value), 0).toBigInteger()));
    private static final Transform TO_FLOAT = unlessNull("to_float", value -> NODES.numberNode(Exact.number(value)));
    private static final Transform TO_BOOL = unlessNull("to_bool", Transforms::truth);
    private static final Transform DEFAULT_EMPTY_STRING = filling("default_empty_string", StringNode.valueOf(""));
    private static final Transform DEFAULT_ZERO = filling("default_zero", NODES.numberNode(0));
    private static final Transform NONE_IF_EMPTY =
            Transform.named("none_if_empty", value -> isEmpty(value) ? NULL : value);
    private static final Transform NUMBER = number("number", null);

    private static final TransformRegistry STANDARD = TransformRegistry.empty()
            .with("iso_to_timestamp", ISO_TO_TIMESTAMP)
            .with("timestamp_to_iso", TIMESTAMP_TO_ISO)
            .with("lowercase", LOWERCASE)
            .with("uppercase", UPPERCASE)
            .with("strip", STRIP)
            .with("to_string", TO_STRING)
            .with("to_int", TO_INT)
            .with("to_float", TO_FLOAT)
            .with("to_bool", TO_BOOL)
            .with("default_empty_string", DEFAULT_EMPTY_STRING)
            .with("default_zero", DEFAULT_ZERO)
            .with("none_if_empty", NONE_IF_EMPTY)
            .with("strip_emoji", STRIP_EMOJI)
            .withParameters("number", Transforms::numberBy);

    private Transforms() {}

    /**
     * All of these by the names they have in configuration, as a value to which one's own can be added.
     *
     * @return the registry
     */
    public static TransformRegistry standard() {
        return STANDARD;
    }

    /**
     * One of these by the name it has in configuration.
     *
     * @param name such as {@code iso_to_timestamp}
     * @return the transform
     * @throws IllegalArgumentException if none has the name
     */
    public static Transform named(String name) {
        return STANDARD.get(name);
    }

    /**
     * {@code iso_to_timestamp}: seconds since 1970-01-01T00:00:00Z of an ISO 8601 date with or without a time, such as
     * {@code 2024-05-01T12:30:00.25+02:00}. A fraction of a second stays one, down to nanoseconds. The offset counts; text without one is
     * UTC, a date is its midnight in UTC.
     *
     * @return from text to a number
     */
    public static Transform isoToTimestamp() {
        return ISO_TO_TIMESTAMP;
    }

    /**
     * {@code timestamp_to_iso}: ISO 8601 text in UTC, such as {@code 2024-05-01T10:30:00.250Z}, of seconds since 1970-01-01T00:00:00Z.
     * They may be a fraction, which is cut behind nanoseconds, and may come as text.
     *
     * @return from a number to text
     */
    public static Transform timestampToIso() {
        return TIMESTAMP_TO_ISO;
    }

    /**
     * {@code lowercase}: text in lower case, by the rules of no country.
     *
     * @return from text to text
     */
    public static Transform lowercase() {
        return LOWERCASE;
    }

    /**
     * {@code uppercase}: text in upper case, by the rules of no country.
     *
     * @return from text to text
     */
    public static Transform uppercase() {
        return UPPERCASE;
    }

    /**
     * {@code strip}: text without white space at its ends.
     *
     * @return from text to text
     */
    public static Transform strip() {
        return STRIP;
    }

    /**
     * {@code to_string}: text stays; a number, a boolean, an array or an object becomes its JSON.
     *
     * @return from any value to text
     */
    public static Transform toText() {
        return TO_STRING;
    }

    /**
     * {@code to_int}: a whole number of a number, cut towards zero, of text that is one, or 1 and 0 of a boolean. At most 1000 digits.
     *
     * @return to a whole number
     */
    public static Transform toInt() {
        return TO_INT;
    }

    /**
     * {@code to_float}: a decimal number of a number, of text that is one, or 1 and 0 of a boolean. All digits stay, those of a whole
     * number as well; infinity and NaN are no numbers.
     *
     * @return to a decimal number
     */
    public static Transform toFloat() {
        return TO_FLOAT;
    }

    /**
     * {@code to_bool}: a boolean of {@code true}, {@code yes}, {@code on}, {@code 1}, {@code false}, {@code no}, {@code off}, {@code 0} in
     * any case, or of the numbers 1 and 0. Everything else is an error.
     *
     * @return to a boolean
     */
    public static Transform toBool() {
        return TO_BOOL;
    }

    /**
     * {@code default_empty_string}: empty text for {@code null} and for what is not there.
     *
     * @return from any value to itself or empty text
     */
    public static Transform defaultEmptyString() {
        return DEFAULT_EMPTY_STRING;
    }

    /**
     * {@code default_zero}: 0 for {@code null} and for what is not there.
     *
     * @return from any value to itself or 0
     */
    public static Transform defaultZero() {
        return DEFAULT_ZERO;
    }

    /**
     * {@code none_if_empty}: {@code null} for empty text, an empty array and an empty object; 0 and {@code false} are not empty.
     *
     * @return from any value to itself or {@code null}
     */
    public static Transform noneIfEmpty() {
        return NONE_IF_EMPTY;
    }

    /**
     * {@code strip_emoji}: text with a space for each emoji, then with single spaces for several and none at its ends. Knows the emoji of
     * Unicode 16.0. Symbols that are text by themselves (©, ™, arrows, digits) count only in their emoji form, before U+FE0F.
     *
     * @return from text to text
     */
    public static Transform stripEmoji() {
        return STRIP_EMOJI;
    }

    /**
     * {@code number}: a number of text as people write it, {@code null} of text that is none, and of what is no text. Currencies (symbols,
     * ISO 4217 codes, a few words) are left out. With comma and point, the last one is the decimal point; one that comes twice groups; a
     * comma alone groups if three digits follow ({@code 1,234} is 1234, {@code 0,234} and {@code 1,5} are decimals), a point alone never
     * does. Spaces and apostrophes group. What is not grouped properly, such as {@code 1.2.3}, is no number. At most 1000 characters.
     *
     * @return from text to a whole number, or to a decimal one if it has a decimal point; a number stays
     */
    public static Transform number() {
        return NUMBER;
    }

    /**
     * {@code number} with a parameter {@code locale}, such as {@code de-CH}: like {@link #number()}, but the locale says which of comma and
     * point is which.
     *
     * @param locale whose separators count
     * @return from text to a number; a number stays
     */
    public static Transform number(Locale locale) {
        return number("number", Objects.requireNonNull(locale, "locale"));
    }

    private static Transform number(String name, @Nullable Locale locale) {
        return Transform.named(name, value -> {
            if (value.isNumber()) {
                return value;
            }
            @Nullable BigDecimal number = value.isString() ? NumberText.parse(value.stringValue(), locale) : null;
            if (number == null) {
                return NULL;
            }
            return number.scale() <= 0 ? Exact.whole(number.toBigInteger()) : NODES.numberNode(number);
        });
    }

    private static Transform numberBy(JsonNode parameters) {
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            if (!parameter.getKey().equals("locale")) {
                throw new IllegalArgumentException(
                        "transform 'number' takes a 'locale', but not '" + parameter.getKey() + "'");
            }
        }
        JsonNode locale = parameters.get("locale");
        return locale == null ? NUMBER : number(locale(locale));
    }

    private static Locale locale(JsonNode tag) {
        try {
            if (tag.isString()) {
                return new Locale.Builder().setLanguageTag(tag.stringValue()).build();
            }
        } catch (IllformedLocaleException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "transform 'number' takes a language tag such as \"de-CH\" as its 'locale', not " + tag);
    }

    private static Transform unlessNull(String name, UnaryOperator<JsonNode> function) {
        return Transform.named(name, value -> value.isNull() ? value : function.apply(value));
    }

    private static Transform ofText(String name, Function<String, String> function) {
        return unlessNull(name, value -> {
            if (!value.isString()) {
                throw MappingException.unexpected("text", value);
            }
            String text = value.stringValue();
            String result = function.apply(text);
            return result.equals(text) ? value : StringNode.valueOf(result);
        });
    }

    private static Transform filling(String name, JsonNode filler) {
        return new NamedTransform(name, value -> value.isNull() ? filler : value, Optional.of(filler));
    }

    private static JsonNode text(JsonNode value) {
        return value.isString() ? value : StringNode.valueOf(value.toString());
    }

    private static JsonNode truth(JsonNode value) {
        if (value.isBoolean()) {
            return value;
        }
        if (value.isNumber()) {
            BigDecimal number = Exact.number(value);
            if (number.compareTo(BigDecimal.ONE) == 0 || number.signum() == 0) {
                return BooleanNode.valueOf(number.signum() != 0);
            }
            throw new MappingException("expected true or false but found a number that is neither 1 nor 0");
        }
        if (!value.isString()) {
            throw MappingException.unexpected("true or false", value);
        }
        Boolean truth = TRUTH.get(value.stringValue().strip().toLowerCase(Locale.ROOT));
        if (truth == null) {
            throw new MappingException("expected true or false but found other text");
        }
        return BooleanNode.valueOf(truth);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainer() && value.isEmpty()
                || value.isString() && value.stringValue().isEmpty();
    }
}
