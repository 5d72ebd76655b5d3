package dev.headrace.capability;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.headrace.json.JsonSchema;
import java.lang.reflect.Modifier;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Refuses classes that no call could be made with, at the line that names them. */
final class TypeCheck {

    private TypeCheck() {}

    /** The schema of a class that is read from JSON objects. */
    static JsonSchema readable(Class<?> type, String subject) {
        boolean tree = JsonNode.class.isAssignableFrom(type) || Map.class.equals(type);
        boolean abstracted = Modifier.isAbstract(type.getModifiers()) && !type.isAnnotationPresent(JsonTypeInfo.class);
        boolean inner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers()) || type.isAnonymousClass();
        if (!tree && (abstracted || inner)) {
            throw wrong(type, subject, "of which nothing can be read: make it a record");
        }
        return writable(type, subject);
    }

    /** The schema of a class that is written as JSON. */
    static JsonSchema writable(Class<?> type, String subject) {
        boolean scalar = type.isPrimitive()
                || type.isArray()
                || type.isEnum()
                || CharSequence.class.isAssignableFrom(type)
                || Number.class.isAssignableFrom(type)
                || type.equals(Boolean.class)
                || type.equals(Void.class)
                || type.equals(Object.class);
        if (scalar) {
            throw wrong(type, subject, "which is no JSON object: put it into a record, which may grow");
        }
        return JsonSchema.derivedFrom(type);
    }

    private static IllegalArgumentException wrong(Class<?> type, String subject, String why) {
        return new IllegalArgumentException(subject + " " + type.getName() + ", " + why);
    }
}
