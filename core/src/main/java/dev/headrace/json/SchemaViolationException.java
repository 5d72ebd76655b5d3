package dev.headrace.json;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.List;

/**
 * A value does not fit its schema. {@link FailureKind#CONFIGURATION} for what was to be sent, {@link FailureKind#UNTRUSTED_DATA} for what
 * came.
 */
public final class SchemaViolationException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 3;

    private final transient String subject;
    private final transient List<SchemaViolation> violations;

    /**
     * Creates a failure.
     *
     * @param kind what a caller can do about it
     * @param subject what does not fit, such as {@code Item 7}
     * @param violations why not; at least one
     */
    public SchemaViolationException(FailureKind kind, String subject, List<SchemaViolation> violations) {
        super(kind, subject + " does not fit its schema: " + summary(violations), null);
        this.subject = subject;
        this.violations = List.copyOf(violations);
    }

    private static String summary(List<SchemaViolation> violations) {
        String first = String.join(
                "; ",
                violations.stream().limit(SHOWN).map(SchemaViolation::toString).toList());
        return violations.size() <= SHOWN ? first : first + "; and " + (violations.size() - SHOWN) + " more";
    }

    /**
     * All that does not fit.
     *
     * @return at least one; they show no values
     */
    public List<SchemaViolation> violations() {
        return violations;
    }

    /**
     * This failure with what was being read.
     *
     * @param source such as method and URI, as they may be printed
     * @return a failure with the same violations, whose message begins with the source
     */
    public SchemaViolationException from(String source) {
        return new SchemaViolationException(kind(), source + ": " + subject, violations);
    }
}
