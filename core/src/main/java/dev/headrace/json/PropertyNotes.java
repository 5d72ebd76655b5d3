package dev.headrace.json;

import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.MemberScope;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.TypeScope;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a derived schema says of properties and types for people: titles, and whatever {@link SchemaField} says. */
final class PropertyNotes {

    // Before a capital that follows a small letter or a digit, or begins a word behind an acronym: user|Name,
    // HTML|Parser.
    private static final Pattern SEAM = Pattern.compile("[_\\-.\\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private static final Set<String> NOTES = Set.of("title", "description", "x-field_type", "x-order", "writeOnly");

    private PropertyNotes() {}

    static void addTo(SchemaGeneratorConfigBuilder config) {
        config.forTypesInGeneral()
                .withPropertySorter(Comparator.comparingLong(PropertyNotes::position))
                .withTitleResolver(type -> said(ofType(type), SchemaField::title))
                .withDescriptionResolver(type -> said(ofType(type), SchemaField::description))
                .withTypeAttributeOverride((schema, type, context) -> add(schema, ofType(type)));
        config.forFields()
                .withTitleResolver(PropertyNotes::title)
                .withDescriptionResolver(field -> said(ofProperty(field), SchemaField::description))
                .withInstanceAttributeOverride((schema, field, context) -> add(schema, field));
    }

    /** Whether values of this type are secrets, and texts in JSON. */
    static boolean isSecret(Class<?> type) {
        return says(type.getAnnotation(SchemaField.class), SchemaField::secret);
    }

    /** A number of its own or none, but all without one in the order they have. */
    private static long position(MemberScope<?, ?> member) {
        SchemaField note = member.getAnnotationConsideringFieldAndGetter(SchemaField.class);
        return note == null || note.order() < 0 ? Long.MAX_VALUE : note.order();
    }

    private static @Nullable String title(FieldScope field) {
        if (field.isFakeContainerItemScope()) {
            return null;
        }
        String given = said(ofProperty(field), SchemaField::title);
        return given == null ? title(field.getSchemaPropertyName()) : given;
    }

    /** {@code user_name} and {@code userName} are {@code User name}; acronyms stay. */
    static String title(String name) {
        StringBuilder title = new StringBuilder(name.length() + 8);
        for (String word : SEAM.split(name, -1)) {
            if (!word.isEmpty()) {
                boolean acronym = word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
                String first = word.substring(0, 1);
                title.append(title.isEmpty() ? "" : " ")
                        .append(
                                title.isEmpty()
                                        ? first.toUpperCase(Locale.ROOT)
                                        : acronym ? first : first.toLowerCase(Locale.ROOT))
                        .append(word, 1, word.length());
            }
        }
        return title.isEmpty() ? name : title.toString();
    }

    private static void add(ObjectNode schema, FieldScope field) {
        SchemaField note = ofProperty(field);
        add(schema, note);
        if (note != null && note.order() >= 0) {
            schema.put("x-order", note.order());
        }
    }

    private static void add(ObjectNode schema, @Nullable SchemaField note) {
        if (says(note, SchemaField::secret)) {
            schema.put("x-field_type", "SECRET").put("writeOnly", true);
        } else if (says(note, SchemaField::hidden)) {
            schema.put("x-field_type", "HIDDEN");
        } else if (says(note, SchemaField::multiline)) {
            schema.put("x-field_type", "MULTI_LINES");
        }
    }

    /** The library puts notes beside what they belong to, as one of {@code allOf}; here they are put into it. */
    static void join(JsonNode schema) {
        schema.forEach(PropertyNotes::join);
        JsonNode parts = schema.path("allOf");
        // A property may have that name, too; then it is a schema, and no list of them.
        if (schema instanceof ObjectNode whole
                && parts.isArray()
                && parts.size() == 2
                && parts.get(1).propertyStream().allMatch(note -> isNote(note, parts.get(0)))) {
            whole.remove("allOf");
            parts.forEach(part -> part.forEachEntry(whole::set));
        }
    }

    private static boolean isNote(Map.Entry<String, JsonNode> member, JsonNode noted) {
        return NOTES.contains(member.getKey()) || member.getValue().equals(noted.get(member.getKey()));
    }

    private static boolean says(@Nullable SchemaField note, Predicate<SchemaField> what) {
        return note != null && what.test(note);
    }

    private static @Nullable String said(@Nullable SchemaField note, Function<SchemaField, String> what) {
        String text = note == null ? "" : what.apply(note);
        return text.isEmpty() ? null : text;
    }

    /** The items of a list are none of its properties. */
    private static @Nullable SchemaField ofProperty(FieldScope field) {
        return field.isFakeContainerItemScope()
                ? null
                : field.getAnnotationConsideringFieldAndGetter(SchemaField.class);
    }

    private static @Nullable SchemaField ofType(TypeScope type) {
        return type.getType().getErasedType().getAnnotation(SchemaField.class);
    }
}
