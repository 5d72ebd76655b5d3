package dev.headrace.json;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is true of all values that were seen at one place: their types, the properties of objects, the items of lists, the format of texts.
 * Samples go by one at a time and none is kept. Names are in alphabetical order, so the order of samples does not matter.
 */
final class SchemaInference {

    // In the order in which they are written; a number takes integers in.
    private enum Type {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        INTEGER,
        BOOLEAN,
        NULL;

        String keyword() {
            return switch (this) {
                case OBJECT -> "object";
                case ARRAY -> "array";
                case STRING -> "string";
                case NUMBER -> "number";
                case INTEGER -> "integer";
                case BOOLEAN -> "boolean";
                case NULL -> "null";
            };
        }
    }

    /** Formats that texts may all have; none that a text has by chance. */
    private enum Format {
        DATE_TIME("date-time", SchemaInference::isDateTime),
        DATE("date", SchemaInference::isDate),
        UUID("uuid", SchemaInference::isUuid),
        URI("uri", SchemaInference::isUri);

        private final String keyword;

        @SuppressWarnings("ImmutableEnumChecker") // A method without state.
        private final Predicate<String> check;

        Format(String keyword, Predicate<String> check) {
            this.keyword = keyword;
            this.check = check;
        }
    }

    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final Set<Type> types = EnumSet.noneOf(Type.class);
    private final Set<Format> formats = EnumSet.allOf(Format.class);
    private final Map<String, SchemaInference> properties = new TreeMap<>();
    private @Nullable Set<String> inAllObjects;
    private @Nullable SchemaInference items;

    /** The schema that all samples fit. */
    static ObjectNode of(Iterable<? extends JsonNode> samples) {
        SchemaInference all = new SchemaInference();
        samples.forEach(all::see);
        if (all.types.isEmpty()) {
            throw new IllegalArgumentException("There are no samples to infer a schema from");
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        all.write(schema);
        return schema;
    }

    private void see(JsonNode value) {
        Type type = typeOf(value);
        types.add(type);
        switch (type) {
            case OBJECT -> seeObject(value);
            case ARRAY -> {
                for (JsonNode item : value) {
                    if (items == null) {
                        items = new SchemaInference();
                    }
                    items.see(item);
                }
            }
            case STRING -> {
                String text = value.asString();
                formats.removeIf(format -> !format.check.test(text));
            }
            case NUMBER, INTEGER, BOOLEAN, NULL -> {}
        }
    }

    private static Type typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> Type.OBJECT;
            case ARRAY -> Type.ARRAY;
            case STRING, BINARY -> Type.STRING;
            case NUMBER -> value.isIntegralNumber() ? Type.INTEGER : Type.NUMBER;
            case BOOLEAN -> Type.BOOLEAN;
            case NULL -> Type.NULL;
            default ->
                throw new IllegalArgumentException(
                        "A sample must be a JSON value, but a node of it is " + value.getNodeType());
        };
    }

    private void seeObject(JsonNode object) {
        if (inAllObjects == null) {
            inAllObjects = new TreeSet<>(object.propertyNames());
        } else {
            inAllObjects.removeIf(name -> !object.has(name));
        }
        object.forEachEntry((name, value) ->
                properties.computeIfAbsent(name, key -> new SchemaInference()).see(value));
    }

    private void write(ObjectNode schema) {
        writeTypes(schema);
        if (types.contains(Type.STRING) && !formats.isEmpty()) {
            schema.put("format", formats.iterator().next().keyword);
        }
        if (!properties.isEmpty()) {
            ObjectNode written = schema.putObject("properties");
            properties.forEach((name, property) -> property.write(written.putObject(name)));
        }
        if (inAllObjects != null && !inAllObjects.isEmpty()) {
            ArrayNode required = schema.putArray("required");
            inAllObjects.forEach(required::add);
        }
        if (items != null) {
            items.write(schema.putObject("items"));
        }
    }

    private void writeTypes(ObjectNode schema) {
        Set<Type> written = EnumSet.copyOf(types);
        if (written.contains(Type.NUMBER)) {
            written.remove(Type.INTEGER);
        }
        if (written.size() == 1) {
            schema.put("type", written.iterator().next().keyword());
        } else {
            ArrayNode all = schema.putArray("type");
            written.forEach(type -> all.add(type.keyword()));
        }
    }

    private static boolean isDateTime(String text) {
        return DATE_TIME.matcher(text).matches() && parses(text, OffsetDateTime::parse);
    }

    private static boolean isDate(String text) {
        return DATE.matcher(text).matches() && parses(text, LocalDate::parse);
    }

    private static boolean parses(String text, Function<String, ?> parser) {
        try {
            return parser.apply(text) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    /** With scheme and host: a colon alone makes no URI that anybody meant. */
    private static boolean isUri(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
