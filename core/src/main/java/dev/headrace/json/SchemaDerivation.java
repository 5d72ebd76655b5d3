package dev.headrace.json;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TreeNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of what a codec reads as a class, by the victools library; the only class that sees it, with {@link PropertyNotes}.
 *
 * <p>What the library would look into, but Jackson reads in a way of its own, is said here.
 */
final class SchemaDerivation {

    // A local date-time is none: RFC 3339 wants an offset.
    private static final Map<Class<?>, String> FORMATS = Map.of(
            Instant.class, "date-time",
            OffsetDateTime.class, "date-time",
            ZonedDateTime.class, "date-time",
            LocalDate.class, "date",
            UUID.class, "uuid");

    private static final Map<Class<?>, String> PLAIN = Map.of(
            Year.class, "{\"type\":\"integer\"}",
            YearMonth.class, "{\"type\":\"string\"}",
            MonthDay.class, "{\"type\":\"string\"}",
            // It may be relative.
            URI.class, "{\"type\":\"string\",\"format\":\"uri-reference\"}",
            byte[].class, "{\"type\":\"string\",\"contentEncoding\":\"base64\"}",
            OptionalInt.class, "{\"type\":[\"integer\",\"null\"]}",
            OptionalLong.class, "{\"type\":[\"integer\",\"null\"]}",
            OptionalDouble.class, "{\"type\":[\"number\",\"null\"]}");

    private SchemaDerivation() {}

    static ObjectNode of(Class<?> type) {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        Json.MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonSchemaModule(JacksonOption.RESPECT_JSONPROPERTY_REQUIRED))
                .with(
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.NULLABLE_ARRAY_ITEMS_ALLOWED,
                        Option.PLAIN_DEFINITION_KEYS);
        config.forTypesInGeneral()
                .withStringFormatResolver(scope -> FORMATS.get(scope.getType().getErasedType()))
                .withCustomDefinitionProvider((resolved, context) -> definition(resolved));
        config.forFields()
                .withNullableCheck(SchemaDerivation::isNullable)
                .withRequiredCheck(SchemaDerivation::isRequired);
        PropertyNotes.addTo(config);
        ObjectNode schema = new SchemaGenerator(config.build()).generateSchema(type);
        PropertyNotes.join(schema);
        return schema;
    }

    private static @Nullable CustomDefinition definition(ResolvedType resolved) {
        Class<?> type = resolved.getErasedType();
        if (TreeNode.class.isAssignableFrom(type)) {
            return inline(JsonNodeFactory.instance.objectNode());
        }
        if (type.isEnum()) {
            return enumeration(type.getEnumConstants());
        }
        if (PropertyNotes.isSecret(type)) {
            return inline((ObjectNode) Json.tree("{\"type\":\"string\",\"minLength\":1}"));
        }
        String plain = PLAIN.get(type);
        return plain == null ? null : inline((ObjectNode) Json.tree(plain));
    }

    /** Jackson says best how it writes constants, for annotations may name each of them, or a property of all. */
    private static @Nullable CustomDefinition enumeration(Object[] constants) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ArrayNode values = schema.putArray("enum");
        for (Object constant : constants) {
            JsonNode value = Json.toTree(constant);
            if (value.isContainer()) {
                return null;
            }
            values.add(value);
        }
        if (values.valueStream().allMatch(JsonNode::isString)) {
            schema.put("type", "string");
        }
        return inline(schema);
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(schema, true);
    }

    /** A codec refuses a record of which a primitive is missing; for anything else it has null. */
    private static boolean isRequired(FieldScope field) {
        Class<?> declaring = field.getRawMember().getDeclaringClass();
        return declaring.isRecord() && field.getRawMember().getType().isPrimitive();
    }

    /** Whoever the annotation is of, be it of the component or of its type. */
    private static boolean isNullable(FieldScope field) {
        AnnotatedType type = field.getRawMember().getAnnotatedType();
        if (field.isFakeContainerItemScope()) {
            AnnotatedType item = item(type);
            return item != null && saysNullable(item);
        }
        return saysNullable(type) || saysNullable(field.getRawMember());
    }

    private static @Nullable AnnotatedType item(AnnotatedType container) {
        if (container instanceof AnnotatedArrayType array) {
            return array.getAnnotatedGenericComponentType();
        }
        if (container instanceof AnnotatedParameterizedType parameterized) {
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            return arguments[arguments.length - 1];
        }
        return null;
    }

    private static boolean saysNullable(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }
}
