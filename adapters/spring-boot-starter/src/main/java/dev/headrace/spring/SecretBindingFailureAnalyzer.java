package dev.headrace.spring;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Says which of the properties about credentials, or of the groups that hold them, has a value of the wrong kind, such as
 * {@code auth.bearer=…} where {@code auth.bearer.token=…} was meant. Spring Boot's own analysis would print the value.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretBindingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName CONNECTORS =
            ConfigurationPropertyName.of(HeadraceProperties.CONNECTORS.name());

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationPropertyName name = cause.getName();
        if (!HeadraceProperties.owns(name) || !isGroup(name) && !isAboutSecrets(name.toString())) {
            return null;
        }
        StringBuilder description = new StringBuilder("The property " + name + " cannot be read");
        if (cause.getOrigin() != null) {
            description.append(" (").append(cause.getOrigin()).append(')');
        }
        return new FailureAnalysis(
                description.append(":\n\n    ").append(reason(cause)).toString(),
                "Correct the property in the configuration of the application.",
                cause);
    }

    private static boolean isGroup(ConfigurationPropertyName name) {
        return CONNECTORS.equals(name) || CONNECTORS.isParentOf(name);
    }

    private static boolean isAboutSecrets(String name) {
        return name.contains(".auth.")
                || name.endsWith(".auth")
                || name.contains(".headers")
                || name.contains(".proxy");
    }

    private static String reason(BindException cause) {
        if (isBecauseOf(cause, ConverterNotFoundException.class::isInstance)) {
            return "It has no value of its own; set the properties below it.";
        }
        if (isBecauseOf(cause, failure -> NumberToSecret.REFUSED.equals(failure.getMessage()))) {
            return NumberToSecret.REFUSED;
        }
        return "Its value is not one of a " + cause.getTarget().getType()
                + ", or is empty. The value is not shown here.";
    }

    private static boolean isBecauseOf(Throwable failure, Predicate<Throwable> reason) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (reason.test(each)) {
                return true;
            }
        }
        return false;
    }
}
