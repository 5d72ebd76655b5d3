package dev.headrace.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Says which of the properties about credentials has a value of the wrong kind, such as {@code auth.bearer=…} where
 * {@code auth.bearer.token=…} was meant. Spring Boot's own analysis would print the value.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretBindingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        String name = cause.getName().toString();
        if (!HeadraceProperties.owns(cause.getName()) || !isAboutSecrets(name)) {
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

    private static boolean isAboutSecrets(String name) {
        return name.contains(".auth.")
                || name.endsWith(".auth")
                || name.contains(".headers")
                || name.contains(".proxy");
    }

    private static String reason(BindException cause) {
        if (findConverter(cause)) {
            return "It has no value of its own; set the properties below it.";
        }
        return "Its value is not one of a " + cause.getTarget().getType()
                + ", or is empty. The value is not shown here.";
    }

    private static boolean findConverter(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ConverterNotFoundException) {
                return true;
            }
        }
        return false;
    }
}
