package dev.headrace.json;

import dev.headrace.error.FailureKind;
import java.util.List;
import java.util.Objects;

/** A codec that lets nothing pass but what fits a schema. */
record ValidatedCodec<T>(Codec<T> codec, JsonSchema schema) implements Codec<T> {

    ValidatedCodec {
        Objects.requireNonNull(schema, "schema");
    }

    @Override
    public T decode(byte[] bytes, int from, int to) {
        List<SchemaViolation> violations = schema.validate(Codec.tree().decode(bytes, from, to));
        if (!violations.isEmpty()) {
            throw new SchemaViolationException(FailureKind.UNTRUSTED_DATA, "the JSON", violations);
        }
        return codec.decode(bytes, from, to);
    }
}
