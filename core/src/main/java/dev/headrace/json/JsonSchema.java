package dev.headrace.json;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
        JsonNode copy = schema.deepCopy();
        try {
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

    /**
     * A schema from a file, read now, so not on an event loop.
     *
     * @param path where it lies
     * @return the schema
     * @throws IllegalArgumentException if there is no such file, that is no schema, or refers to another document
     * @throws UncheckedIOException if it cannot be read
     */
    public static JsonSchema file(Path path) {
        try {
            return of(Files.readAllBytes(path), "The file " + path);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no file " + path, e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the file " + path, e);
        }
    }

    /**
     * The schema of what {@link Codec#of(Class)} reads as a class: draft 2020-12, with names and types as Jackson's annotations say. Takes
     * some time the first time, so not on an event loop.
     *
     * <p>What may be null is {@link java.util.Optional} or has an annotation {@code Nullable}, whoever it is of. Required are a record's
     * primitives, which a codec misses, and what {@code @JsonProperty(required = true)} says. Properties that the class does not have are
     * allowed. {@link java.time.Instant}, {@link java.time.OffsetDateTime} and {@link java.time.ZonedDateTime} have the format
     * {@code date-time}, {@link java.time.LocalDate} has {@code date} and {@link java.util.UUID} {@code uuid}; other types of
     * {@code java.time} are texts without one, and enums are one of their names.
     *
     * <p>For those who make a form of it, each property has a title, made from its name ({@code user_name} and {@code userName} become
     * {@code User name}) unless {@link SchemaField} says another; that annotation also says what is a secret, hidden, or of several lines.
     * Properties are in the order of the class, after those that {@link SchemaField#order()} numbers.
     *
     * <p>Needs {@code com.github.victools:jsonschema-generator} and {@code jsonschema-module-jackson} as well, version 5, which Headrace does
     * not bring along.
     *
     * @param type a record or class
     * @return the schema
     * @throws HeadraceException of kind {@link FailureKind#CONFIGURATION} if a library is missing
     */
    public static JsonSchema derivedFrom(Class<?> type) {
        Objects.requireNonNull(type, "type");
        JsonNode derived;
        try {
            derived = SchemaDerivation.of(type);
        } catch (NoClassDefFoundError e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "A JSON Schema is derived from a class by libraries that are not there; add"
                            + " com.github.victools:jsonschema-generator and"
                            + " com.github.victools:jsonschema-module-jackson, version 5, to the class path",
                    e);
        }
        return of(derived);
    }

    /**
     * The narrowest schema of its kind that some values fit: draft 2020-12, to be looked over before it is relied on, for it knows no more
     * than these values.
     *
     * <p>Where values differ, it takes what is true of all: integers and other numbers are numbers, several types are all of them, and
     * {@code null} is one of these. Properties are merged, and those that all objects at a place have are required; the items of all lists at
     * a place are one schema. A format ({@code date-time}, {@code date}, {@code uuid}, {@code uri} with a host) is said where all texts have
     * it. Properties are in alphabetical order, so the order of the values does not matter. Properties that were not seen are allowed.
     *
     * @param samples at least one value; gone through once, none is kept
     * @return the schema
     * @throws IllegalArgumentException if there are none, or one is no JSON value
     */
    public static JsonSchema inferredFrom(Iterable<? extends JsonNode> samples) {
        return of(SchemaInference.of(samples));
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
