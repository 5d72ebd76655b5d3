package dev.headrace.json;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema that values can be checked against. Immutable and safe for use by several threads.
 *
 * <p>Draft 2020-12 unless {@code $schema} names draft 4, 6, 7 or 2019-09. The keyword {@code format} is asserted. Everything is made ready
 * when the schema is made: checking a value reads no file, opens no connection and does not block. References lead to places within the
 * schema; those to other documents are refused, with the exception of the drafts' own meta-schemas.
 *
 * <p>Needs {@code com.networknt:json-schema-validator} on the class path, which Headrace does not bring along (or its module
 * {@code com.networknt.schema}, required by one's own). Without it, making a schema is a {@link HeadraceException} of kind
 * {@link FailureKind#CONFIGURATION}. The first schema of a process takes about half a second to load all that; make schemas when the
 * program starts, not on an event loop.
 */
public final class JsonSchema {

    /** The library behind it, so that this class can be loaded without it. */
    interface Validator {

        List<SchemaViolation> validate(JsonNode value);
    }

    private final JsonNode schema;
    private final Validator validator;

    private JsonSchema(JsonNode schema, Validator validator) {
        this.schema = schema;
        this.validator = validator;
    }

    /**
     * A schema from a tree.
     *
     * @param schema an object or a boolean; copied
     * @return the schema
     * @throws IllegalArgumentException if that is no schema, or refers to another document
     */
    public static JsonSchema of(JsonNode schema) {
        Objects.requireNonNull(schema, "schema");
        try {
            JsonNode copy = schema.deepCopy();
            return new JsonSchema(copy, new NetworkntValidator(copy));
        } catch (NoClassDefFoundError e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "JSON Schema needs a library that is not there; add com.networknt:json-schema-validator, version 3,"
                            + " to the class path",
                    e);
        }
    }

    /**
     * A schema from text.
     *
     * @param schema JSON
     * @return the schema
     * @throws IllegalArgumentException if that is no schema, or refers to another document
     */
    public static JsonSchema of(String schema) {
        return of(schema.getBytes(StandardCharsets.UTF_8), "The text");
    }

    /**
     * A schema from the class path, read now, so not on an event loop.
     *
     * @param path where it lies, such as {@code /schemas/issue.json}; as seen from the thread's class loader
     * @return the schema
     * @throws IllegalArgumentException if there is no such resource, that is no schema, or refers to another document
     */
    public static JsonSchema resource(String path) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = ofThread == null ? JsonSchema.class.getClassLoader() : ofThread;
        try (InputStream resource = loader.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalArgumentException("There is no resource " + path + " on the class path");
            }
            return of(resource.readAllBytes(), "The resource " + path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the resource " + path, e);
        }
    }

    private static JsonSchema of(byte[] schema, String source) {
        JsonNode tree;
        try {
            tree = Json.tree(schema);
        } catch (DecodingException e) {
            throw new IllegalArgumentException(source + " is no JSON Schema: " + e.getMessage(), e);
        }
        return of(tree);
    }

    /**
     * Checks a value. Takes time by the size of value and schema, but does not block.
     *
     * @param value the value
     * @return what does not fit, in no particular order; empty if all does
     */
    public List<SchemaViolation> validate(JsonNode value) {
        return validator.validate(value);
    }

    /**
     * The schema as a tree.
     *
     * @return a copy
     */
    public JsonNode json() {
        return schema.deepCopy();
    }

    @Override
    public String toString() {
        return "JsonSchema[" + validator + "]";
    }
}
