package dev.headrace.decode;

/** What becomes of an item that does not fit its schema. */
public enum OnInvalid {
    /** It is emitted all the same; each kind of violation is logged once. */
    WARN,
    /** It is left out; each kind of violation is logged once. */
    DROP,
    /** The stream errors with {@link dev.headrace.json.SchemaViolationException}; the items before it have been emitted. */
    FAIL
}
