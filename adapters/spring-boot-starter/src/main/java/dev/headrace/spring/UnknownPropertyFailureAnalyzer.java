package dev.headrace.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which properties nobody knows. Spring Boot's own would print their values, and a misspelt token is a token all the same. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        if (!cause.getUnboundProperties().stream().allMatch(property -> HeadraceProperties.owns(property.getName()))) {
            return null;
        }
        StringBuilder description = new StringBuilder("These properties of Headrace cannot be used:\n");
        for (ConfigurationProperty property : cause.getUnboundProperties()) {
            description.append("\n    ").append(property.getName());
            if (property.getOrigin() != null) {
                description.append(" (").append(property.getOrigin()).append(')');
            }
            description.append(KnownNames.remark(property.getName()));
        }
        return new FailureAnalysis(description.toString(), "Correct the names, or remove the properties.", cause);
    }
}
