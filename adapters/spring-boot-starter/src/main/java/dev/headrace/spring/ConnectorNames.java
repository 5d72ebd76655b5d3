package dev.headrace.spring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The names among {@code headrace.connectors}, for those who need them before there are beans. */
final class ConnectorNames {

    private ConnectorNames() {}

    /**
     * What is looked at so early; it is no secret.
     *
     * @param baseUrl where it is; one without is an error, but not here
     */
    record Outline(@Nullable String baseUrl) {}

    /** All that have a base URL. */
    static List<String> all(Environment environment) {
        return Binder.get(environment)
                .bind(HeadraceProperties.CONNECTORS.name(), Bindable.mapOf(String.class, Outline.class))
                .orElse(Map.of())
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue().baseUrl() != null)
                .map(Map.Entry::getKey)
                .toList();
    }
}
