package dev.headrace.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which property the library refuses, and why. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<PropertyException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PropertyException cause) {
        return new FailureAnalysis(
                "The property " + cause.property() + " cannot be used:\n\n    " + cause.reason(),
                "Correct the property in the configuration of the application.",
                cause);
    }
}
