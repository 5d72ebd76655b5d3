package dev.headrace.spec;

import dev.headrace.json.Json;
import dev.headrace.stream.TimeFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The functions that expressions may call; there are no others. */
final class ExpressionFunction {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final Map<String, ExpressionFunction> ALL = Arrays.asList(
                    new ExpressionFunction("now", 0, 0, (scope, arguments) -> text(scope.now())),
                    new ExpressionFunction(
                            "today",
                            0,
                            1,
                            (scope, arguments) -> text(LocalDate.ofInstant(scope.now(), zone(arguments, 0)))),
                    new ExpressionFunction("date", 2, 3, (scope, arguments) -> date(arguments)),
                    new ExpressionFunction(
                            "default",
                            2,
                            2,
                            (scope, arguments) -> isNothing(arguments.get(0)) ? arguments.get(1) : arguments.get(0)),
                    ofText("lower", text -> text.toLowerCase(Locale.ROOT)),
                    ofText("upper", text -> text.toUpperCase(Locale.ROOT)),
                    ofText("trim", String::strip),
                    ofText("base64", text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))),
                    ofText(
                            "base64_decode",
                            text -> new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8)),
                    ofText("urlencode", ExpressionFunction::percentEncoded),
                    new ExpressionFunction(
                            "json", 1, 1, (scope, arguments) -> text(Json.writeText(given(arguments, 0)))),
                    new ExpressionFunction("join", 2, 2, (scope, arguments) -> join(arguments)),
                    new ExpressionFunction("split", 2, 2, (scope, arguments) -> split(arguments)))
            .stream()
            .collect(Collectors.toMap(ExpressionFunction::name, function -> function, (a, b) -> a, TreeMap::new));

    private final String name;
    private final int fewest;
    private final int most;
    private final BiFunction<Scope, List<JsonNode>, JsonNode> code;

    private ExpressionFunction(String name, int fewest, int most, BiFunction<Scope, List<JsonNode>, JsonNode> code) {
        this.name = name;
        this.fewest = fewest;
        this.most = most;
        this.code = code;
    }

    private static ExpressionFunction ofText(String name, UnaryOperator<String> code) {
        return new ExpressionFunction(name, 1, 1, (scope, arguments) -> text(code.apply(written(given(arguments, 0)))));
    }

    static @Nullable ExpressionFunction named(String name) {
        return ALL.get(name);
    }

    static Collection<String> names() {
        return ALL.keySet();
    }

    String name() {
        return name;
    }

    /** Whether it is the one whose second argument is looked at only if the first has no value. */
    boolean isDefault() {
        return name.equals("default");
    }

    /** What is wrong with so many arguments, if anything is. */
    @Nullable
    String problemWith(int arguments) {
        if (arguments >= fewest && arguments <= most) {
            return null;
        }
        String wanted = most == 0 ? "no arguments" : fewest == most ? count(fewest) : fewest + " to " + count(most);
        return "the function " + name + " takes " + wanted + ", not " + arguments;
    }

    private static String count(int arguments) {
        return arguments + (arguments == 1 ? " argument" : " arguments");
    }

    /** What is wrong with an argument that is written down, if anything is. */
    @Nullable
    String problemWith(int index, JsonNode constant) {
        try {
            if (name.equals("date") && index == 1) {
                Objects.requireNonNull(formatter(written(constant)));
            } else if (name.equals("date") && index == 2 || name.equals("today")) {
                Objects.requireNonNull(ZoneId.of(written(constant)));
            }
            return null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    JsonNode apply(Scope scope, List<JsonNode> arguments) {
        try {
            return code.apply(scope, arguments);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("the function " + name + " failed: " + e.getMessage(), e);
        }
    }

    static boolean isNothing(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    /** A value as it stands in a text: without quotes, numbers digit for digit. */
    static String written(JsonNode value) {
        return value.isString() ? value.stringValue() : Json.writeText(value);
    }

    private static JsonNode text(Object value) {
        return JSON.stringNode(String.valueOf(value));
    }

    private static JsonNode given(List<JsonNode> arguments, int index) {
        JsonNode value = arguments.get(index);
        if (isNothing(value)) {
            throw new IllegalArgumentException("its argument has no value");
        }
        return value;
    }

    private static ZoneId zone(List<JsonNode> arguments, int index) {
        return arguments.size() > index ? ZoneId.of(written(given(arguments, index))) : ZoneOffset.UTC;
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    private static JsonNode date(List<JsonNode> arguments) {
        return text(formatter(written(given(arguments, 1)))
                .format(moment(given(arguments, 0)).atZone(zone(arguments, 2))));
    }

    /** Seconds since 1970, or ISO 8601; without an offset it is UTC, and without a time midnight. */
    private static Instant moment(JsonNode value) {
        if (value.isNumber()) {
            return TimeFormat.epochSeconds()
                    .read(value)
                    .orElseThrow(() -> new IllegalArgumentException("its value is no number of seconds since 1970"));
        }
        try {
            String text = written(value);
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            return text.matches(".*(Z|[+-]\\d{2}(:?\\d{2})?)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            // Its own message quotes the value, which may be anything.
            throw new IllegalArgumentException("its value is no date or time of ISO 8601", e);
        }
    }

    /** RFC 3986: what is not unreserved is encoded, blanks too. */
    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static JsonNode join(List<JsonNode> arguments) {
        JsonNode list = given(arguments, 0);
        return text(
                list.isArray()
                        ? StreamSupport.stream(list.spliterator(), false)
                                .map(ExpressionFunction::written)
                                .collect(Collectors.joining(written(given(arguments, 1))))
                        : written(list));
    }

    private static JsonNode split(List<JsonNode> arguments) {
        String separator = written(given(arguments, 1));
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("its separator is empty");
        }
        ArrayNode parts = JSON.arrayNode();
        String rest = written(given(arguments, 0));
        for (int at = rest.indexOf(separator); at >= 0; at = rest.indexOf(separator)) {
            parts.add(rest.substring(0, at));
            rest = rest.substring(at + separator.length());
        }
        return parts.add(rest);
    }
}
