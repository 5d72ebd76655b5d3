package dev.headrace.json;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.DefaultDialectRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectRegistry;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.PathType;
import com.networknt.schema.resource.SchemaLoader;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Validation by the networknt library; the only class that sees it. */
final class NetworkntValidator implements JsonSchema.Validator {

    // More of an expected value would drown the message; values of a schema are no secrets.
    private static final int SHOWN = 100;

    private static final Pattern BUNDLED = Pattern.compile(
            "https?://json-schema\\.org/(draft-0[467]/schema|draft/20(19-09|20-12)/(schema|meta/[a-z-]+))#?");

    /** The draft of derived schemas with what {@link SchemaField} adds to it: the library warns of keywords that it does not know. */
    private static final DialectRegistry DIALECTS =
            new DefaultDialectRegistry(Dialect.builder(Dialects.getDraft202012())
                    .keyword(new NonValidationKeyword("x-field_type"))
                    .keyword(new NonValidationKeyword("x-order"))
                    .build());

    private final Schema schema;

    NetworkntValidator(JsonNode schema) {
        SpecificationVersion version = versionOf(schema);
        requireValid(schema, version);
        try {
            this.schema = registry(version).getSchema(schema);
            // It would otherwise resolve references when the first value comes, on that value's thread.
            this.schema.initializeValidators();
        } catch (SchemaException e) {
            throw new IllegalArgumentException("Not a usable JSON Schema: " + e.getMessage(), e);
        }
    }

    private static SpecificationVersion versionOf(JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new IllegalArgumentException("A JSON Schema is an object or a boolean");
        }
        JsonNode named = schema.path("$schema");
        if (named.isMissingNode()) {
            return SpecificationVersion.DRAFT_2020_12;
        }
        String id = named.asString("").replaceFirst("#$", "").replaceFirst("^https:", "http:");
        for (SpecificationVersion version : SpecificationVersion.values()) {
            if (version.getDialectId()
                    .replaceFirst("#$", "")
                    .replaceFirst("^https:", "http:")
                    .equals(id)) {
                return version;
            }
        }
        throw new IllegalArgumentException(
                "The $schema " + named + " is none of the drafts 4, 6, 7, 2019-09 and 2020-12");
    }

    /** Says what is wrong with a schema where it is made: the library takes whatever it does not understand for nothing. */
    private static void requireValid(JsonNode schema, SpecificationVersion version) {
        Schema metaSchema = registry(version).getSchema(SchemaLocation.of(version.getDialectId()));
        List<Error> errors = metaSchema.validate(schema);
        if (!errors.isEmpty()) {
            Error first = errors.get(0);
            throw new IllegalArgumentException(
                    "Not a JSON Schema: '" + first.getInstanceLocation() + "' " + first.getMessage());
        }
    }

    private static SchemaRegistry registry(SpecificationVersion version) {
        // Whatever is asked for beyond the schema itself and the meta-schemas the library brings along is refused: a
        // reference in a document must not make anyone open files or connections.
        SchemaLoader closed = SchemaLoader.builder()
                .allow(iri -> BUNDLED.matcher(iri.toString()).matches())
                .build();
        return SchemaRegistry.withDefaultDialect(
                version,
                settings -> settings.schemaLoader(closed)
                        .dialectRegistry(DIALECTS)
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .pathType(PathType.JSON_POINTER)
                                .locale(Locale.ROOT)
                                .build()));
    }

    @Override
    public List<SchemaViolation> validate(JsonNode value) {
        return schema.validate(value).stream()
                .map(NetworkntValidator::violation)
                .toList();
    }

    private static SchemaViolation violation(Error error) {
        return new SchemaViolation(error.getInstanceLocation().toString(), error.getKeyword(), expected(error));
    }

    /** What the schema says, in our words: the library's own messages are free to quote the value. */
    private static String expected(Error error) {
        String keyword = error.getKeyword();
        if (error.getProperty() != null) {
            boolean missing = keyword.equals("required") || keyword.equals("dependentRequired");
            return (missing ? "lacks the property '" : "has the property '") + error.getProperty() + "' against '"
                    + keyword + "'";
        }
        JsonNode expected = error.getSchemaNode();
        if (expected == null || expected.isContainer()) {
            return "does not satisfy '" + keyword + "'";
        }
        String text = expected.toString();
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return "does not satisfy '" + keyword + ": " + shown + "'";
    }
}
