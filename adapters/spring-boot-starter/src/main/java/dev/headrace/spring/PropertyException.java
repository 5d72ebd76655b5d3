package dev.headrace.spring;

import org.jspecify.annotations.Nullable;

/** A property of Headrace that cannot be used; its message names it and holds no secret. */
final class PropertyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final String reason;

    PropertyException(String property, String reason, @Nullable Throwable cause) {
        super(property + ": " + reason, cause);
        this.property = property;
        this.reason = reason;
    }

    String property() {
        return property;
    }

    String reason() {
        return reason;
    }
}
