package dev.headrace.json;

import java.util.Objects;

/**
 * One thing about a value that its schema does not allow. It tells what was expected and shows no value, for values hold secrets; the
 * pointer and the message may show names of properties.
 *
 * @param pointer where in the value, as a JSON pointer (RFC 6901); empty for the whole
 * @param keyword the schema's keyword that is not satisfied, such as {@code required}
 * @param message what was expected
 */
public record SchemaViolation(String pointer, String keyword, String message) {

    /**
     * Checks the values.
     *
     * @param pointer as {@link #pointer()}
     * @param keyword as {@link #keyword()}
     * @param message as {@link #message()}
     */
    public SchemaViolation {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(keyword, "keyword");
        Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the value" : "'" + pointer + "'") + " " + message;
    }
}
