package dev.headrace.spring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Finds what somebody meant who misspelt a property, by the records that have them all. */
final class KnownNames {

    private KnownNames() {}

    /** The end of a message about a property that could not be used: which one was meant, or that it is there but has no value. */
    static String remark(ConfigurationPropertyName name) {
        Class<?> group = HeadraceProperties.class;
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            String part = name.getElement(i, Form.UNIFORM);
            RecordComponent component = component(group, part);
            if (component == null) {
                ConfigurationPropertyName parent = name.chop(i);
                return similar(group, part)
                        .map(known -> "; did you mean " + parent.append(known) + "?")
                        .orElse("");
            }
            group = component.getType();
            if (Map.class.isAssignableFrom(group)) {
                group = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
                i++;
            }
        }
        return "; it is empty";
    }

    private static @Nullable RecordComponent component(Class<?> group, String part) {
        return group.isRecord()
                ? Arrays.stream(group.getRecordComponents())
                        .filter(component ->
                                component.getName().toLowerCase(Locale.ROOT).equals(part))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private static Optional<String> similar(Class<?> group, String part) {
        if (!group.isRecord()) {
            return Optional.empty();
        }
        return Arrays.stream(group.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(known -> distance(known.toLowerCase(Locale.ROOT), part) <= 1 + part.length() / 4)
                .min(Comparator.comparingInt(known -> distance(known.toLowerCase(Locale.ROOT), part)))
                .map(known -> known.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }

    /** Levenshtein's: letters added, left out or changed. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
