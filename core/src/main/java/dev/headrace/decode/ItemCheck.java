package dev.headrace.decode;

import dev.headrace.error.FailureKind;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Holds items against a schema. It remembers what it has warned of, and is shared by all readings of its decoder: a remote that breaks its
 * word on each of a million items says nothing new by it.
 */
final class ItemCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ItemCheck.class);

    // Pointers name properties, and those of a map may be endless.
    private static final int MOST_WARNINGS = 100;

    private final JsonSchema schema;
    private final OnInvalid onInvalid;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    ItemCheck(JsonSchema schema, OnInvalid onInvalid) {
        this.schema = Objects.requireNonNull(schema, "schema");
        this.onInvalid = Objects.requireNonNull(onInvalid, "onInvalid");
    }

    /** Whether an item may pass; throws if it must not even be left out. */
    boolean admits(JsonNode item, long index, String source) {
        List<SchemaViolation> violations = schema.validate(item);
        if (violations.isEmpty()) {
            return true;
        }
        if (onInvalid == OnInvalid.FAIL) {
            throw new SchemaViolationException(FailureKind.UNTRUSTED_DATA, source + ": item " + index, violations);
        }
        violations.forEach(violation -> warn(violation, index, source));
        return onInvalid == OnInvalid.WARN;
    }

    private void warn(SchemaViolation violation, long index, String source) {
        String kind = violation.keyword() + " " + violation.pointer().replaceAll("/\\d+(?=/|$)", "/*");
        if (warned.size() < MOST_WARNINGS && warned.add(kind)) {
            LOG.warn(
                    "{}: item {} does not fit its schema{}: {}; this is not logged again",
                    source,
                    index,
                    onInvalid == OnInvalid.DROP ? " and is left out" : "",
                    violation);
        }
    }
}
