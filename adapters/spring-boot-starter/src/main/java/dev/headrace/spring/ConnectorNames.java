package dev.headrace.spring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/** The names among {@code headrace.connectors}, for those who need them before there are beans. */
final class ConnectorNames {

    private ConnectorNames() {}

    /**
     * The few properties that are looked at so early; none of them is a secret.
     *
     * @param baseUrl where it is; one without is an error, but not here
     * @param health as in {@link ConnectorProperties}
     */
    record Outline(@Nullable String baseUrl, @DefaultValue Health health) {

        /**
         * Whether it is asked for its health.
         *
         * @param enabled as in {@link ConnectorProperties.Health}
         */
        record Health(@DefaultValue("true") boolean enabled) {}
    }

    /** All that have a base URL. */
    static List<String> all(Environment environment) {
        return outlines(environment).entrySet().stream()
                .filter(entry -> entry.getValue().baseUrl() != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Those whose health is asked for. */
    static List<String> withHealth(Environment environment) {
        return outlines(environment).entrySet().stream()
                .filter(entry -> entry.getValue().health().enabled())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, Outline> outlines(Environment environment) {
        return Binder.get(environment)
                .bind(HeadraceProperties.CONNECTORS.name(), Bindable.mapOf(String.class, Outline.class))
                .orElse(Map.of());
    }
}
