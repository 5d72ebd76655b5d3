package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows L60, L61: what a schema says of a value. */
class JsonSchemaTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"string\"} | hunter2 | ",
                "{\"type\":\"integer\"} | hunter2 | `` type",
                "{\"type\":[\"integer\",\"null\"]} | hunter2 | `` type",
                "{\"minLength\":8} | hunter2 | `` minLength 8",
                "{\"maxLength\":3} | hunter2 | `` maxLength 3",
                "{\"pattern\":\"^[a-z]+$\"} | hunter2 | `` pattern ^[a-z]+$",
                "{\"enum\":[\"a\",\"b\"]} | hunter2 | `` enum",
                "{\"const\":\"a\"} | hunter2 | `` const",
                "{\"format\":\"date-time\"} | hunter2 | `` format date-time",
                "{\"format\":\"email\"} | hunter2 | `` format email",
                "{\"format\":\"uuid\"} | hunter2 | `` format uuid",
                "{\"format\":\"uri\"} | hunter2 | `` format uri",
                "{\"format\":\"ipv4\"} | hunter2 | `` format ipv4",
                "{\"not\":{\"type\":\"string\"}} | hunter2 | `` not",
                "{\"anyOf\":[{\"const\":\"a\"},{\"const\":\"b\"}]} | hunter2 | `` const",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"integer\"}}} | hunter2 | `` type",
                "false | hunter2 | `` false"
            })
    void tellsTheKeywordAndWhatWasExpectedButNoValue(String schema, String value, String expected) {
        List<SchemaViolation> violations = JsonSchema.of(schema).validate(json("\"" + value + "\""));

        if (expected == null) {
            assertThat(violations).isEmpty();
            return;
        }
        String[] parts = expected.split(" ", -1);
        assertThat(violations).isNotEmpty();
        assertThat(violations.get(0).pointer()).isEmpty();
        assertThat(violations.get(0).keyword()).isEqualTo(parts[1]);
        assertThat(violations.get(0).message()).contains(parts[1]);
        if (parts.length > 2) {
            assertThat(violations.get(0).message()).contains(parts[2]);
        }
        assertThat(violations.toString()).doesNotContain("hunter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\":{\"a\":{\"items\":{\"required\":[\"b\"]}}}} | {\"a\":[{\"b\":1},{}]} | /a/1 | required | lacks the property 'b'",
                "{\"properties\":{\"a\":{\"items\":{\"type\":\"integer\"}}}} | {\"a\":[1,\"x\"]} | /a/1 | type | integer",
                "{\"properties\":{\"a/b~\":{\"type\":\"integer\"}}} | {\"a/b~\":\"x\"} | /a~1b~0 | type | integer",
                "{\"additionalProperties\":false} | {\"a\":1} | `` | additionalProperties | has the property 'a'",
                "{\"minimum\":5} | 3 | `` | minimum | 5",
                "{\"multipleOf\":2} | 3 | `` | multipleOf | 2",
                "{\"minItems\":2} | [1] | `` | minItems | 2",
                "{\"uniqueItems\":true} | [1,1] | `` | uniqueItems | true"
            })
    void tellsThePlace(String schema, String value, String pointer, String keyword, String message) {
        assertThat(JsonSchema.of(schema).validate(json(value))).singleElement().satisfies(violation -> {
            assertThat(violation.pointer()).isEqualTo(pointer);
            assertThat(violation.keyword()).isEqualTo(keyword);
            assertThat(violation.message()).contains(keyword).contains(message);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "http://json-schema.org/draft-04/schema#, true",
        "http://json-schema.org/draft-06/schema#, false",
        "http://json-schema.org/draft-07/schema, false",
        "https://json-schema.org/draft/2019-09/schema, false",
        "https://json-schema.org/draft/2020-12/schema, false"
    })
    void respectsTheDraftThatItNames(String draft, boolean ignoresConst) {
        // The keyword const came with draft 6.
        JsonSchema schema = JsonSchema.of("{\"$schema\":\"" + draft + "\",\"const\":1}");

        assertThat(schema.validate(json("2")).isEmpty()).isEqualTo(ignoresConst);
    }

    @Test
    void isOfTheNewestDraftUnlessItSaysOtherwise() {
        // prefixItems came with 2020-12.
        assertThat(JsonSchema.of("{\"prefixItems\":[{\"type\":\"string\"}]}").validate(json("[1]")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"x\"",
                "{\"type\":\"strin\"}",
                "{\"type\":7}",
                "{\"minLength\":-1}",
                "{\"properties\":[]}",
                "{\"$schema\":\"https://example.com/mine\"}",
                "{\"$ref\":\"#/$defs/missing\"}",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/missing\"}}}",
                "{\"pattern\":\"(\"}"
            })
    void refusesWhatIsNoSchema(String schema) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonSchema.of(schema));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/schema.json",
                "https://example.invalid/schema.json",
                "file:///etc/hostname",
                "classpath:draft-07/schema",
                "resource:draft-07/schema",
                "other.json",
                "https://json-schema.org/other"
            })
    void refusesReferencesToOtherDocuments(String reference) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.of("{\"properties\":{\"a\":{\"$ref\":\"" + reference + "\"}}}"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.of(
                        "{\"properties\":{\"a\":{\"items\":{\"anyOf\":[{\"$ref\":\"" + reference + "\"}]}}}}"));
    }

    @Test
    void knowsTheMetaSchemas() {
        JsonSchema schema = JsonSchema.of("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");

        assertThat(schema.validate(json("{\"type\":\"string\"}"))).isEmpty();
        assertThat(schema.validate(json("{\"type\":7}"))).isNotEmpty();
    }

    @Test
    void mayBundleOtherSchemas() {
        JsonSchema schema = JsonSchema.of("{\"$id\":\"https://example.invalid/a.json\",\"items\":{\"$ref\":\"b.json\"},"
                + "\"$defs\":{\"b\":{\"$id\":\"b.json\",\"type\":\"integer\"}}}");

        assertThat(schema.validate(json("[1,\"x\"]")))
                .extracting(SchemaViolation::pointer)
                .containsExactly("/1");
    }

    @Test
    void mayBeRecursive() {
        JsonSchema schema = JsonSchema.of("{\"properties\":{\"child\":{\"$ref\":\"#\"},\"n\":{\"type\":\"integer\"}}}");

        assertThat(schema.validate(json("{\"child\":{\"child\":{\"n\":\"x\"}}}")))
                .extracting(SchemaViolation::pointer)
                .containsExactly("/child/child/n");
    }

    @Test
    void isReadFromTheClassPath() {
        assertThat(JsonSchema.resource("/schemas/issue.json").validate(json("{}")))
                .extracting(SchemaViolation::keyword)
                .containsExactly("required");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.resource("/schemas/none.json"))
                .withMessageContaining("/schemas/none.json");
    }

    /** BlockHound watches the threads of this scheduler. */
    @Test
    void checksValuesOnManyThreadsWithoutBlocking() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        JsonSchema schema =
                JsonSchema.of("{\"properties\":{\"at\":{\"format\":\"date-time\"},\"mail\":{\"format\":\"email\"},"
                        + "\"host\":{\"format\":\"idn-hostname\"},\"uri\":{\"format\":\"uri\"},\"re\":{\"pattern\":\"^a\"},"
                        + "\"meta\":{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"},"
                        + "\"child\":{\"$ref\":\"#\"}},\"required\":[\"at\"],\"unevaluatedProperties\":false}");
        JsonNode bad =
                json("{\"at\":1,\"mail\":\"x\",\"host\":\"ä..\",\"uri\":\"%\",\"re\":\"b\",\"meta\":{\"type\":7},"
                        + "\"child\":{\"at\":\"2026-01-01T00:00:00Z\"},\"more\":1}");
        int violations = schema.validate(bad).size();

        StepVerifier.create(Flux.range(0, rounds)
                        .flatMap(
                                i -> Mono.fromCallable(
                                                () -> schema.validate(bad).size())
                                        .subscribeOn(Schedulers.parallel()),
                                16)
                        .distinct()
                        .collectList())
                .expectNext(List.of(violations))
                .expectComplete()
                .verify(Duration.ofSeconds(60));
        assertThat(violations).isGreaterThan(4);
    }

    @Test
    void doesNotBlockWhenItsFirstValueComesOnAnEventLoop() {
        JsonSchema schema =
                JsonSchema.of("{\"properties\":{\"at\":{\"format\":\"date-time\"},\"a\":{\"enum\":[1,2]}}}");

        StepVerifier.create(Mono.fromCallable(() ->
                                schema.validate(json("{\"at\":\"x\",\"a\":3}")).size())
                        .subscribeOn(Schedulers.parallel()))
                .expectNext(2)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        Class<?> schema = new WithoutLibrary("com.networknt.").loadClass(JsonSchema.class.getName());

        Throwable failure =
                catchThrowable(() -> schema.getMethod("of", String.class).invoke(null, "{}"));

        assertThat(failure).isInstanceOf(InvocationTargetException.class);
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("com.networknt:json-schema-validator");
    }

    @Test
    void namesTheLibraryThatIsMissingToDeriveOne() throws Exception {
        Class<?> schema = new WithoutLibrary("com.github.victools.").loadClass(JsonSchema.class.getName());

        Throwable failure = catchThrowable(
                () -> schema.getMethod("derivedFrom", Class.class).invoke(null, String.class));

        assertThat(failure).isInstanceOf(InvocationTargetException.class);
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("com.github.victools:jsonschema-generator");
    }

    @Test
    void isReadFromAFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("issue.json");
        Files.writeString(file, "{\"type\":\"integer\"}");

        assertThat(JsonSchema.file(file).validate(json("1"))).isEmpty();
        assertThat(JsonSchema.file(file).validate(json("\"a\""))).hasSize(1);

        Files.writeString(file, "{");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.file(file))
                .withMessageContaining("issue.json is no JSON Schema");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.file(directory.resolve("other.json")))
                .withMessageContaining("There is no file");
    }

    @Test
    void givesACopyOfItself() {
        JsonNode given = json("{\"type\":\"integer\",\"title\":\"A\"}");
        JsonSchema schema = JsonSchema.of(given);

        ((ObjectNode) given).put("type", "string");
        ((ObjectNode) schema.json()).put("type", "string");

        assertThat(schema.json()).isEqualTo(json("{\"type\":\"integer\",\"title\":\"A\"}"));
        assertThat(schema.validate(json("1"))).isEmpty();
        assertThat(JsonSchema.of("true").json().isBoolean()).isTrue();
    }

    @Test
    void saysInItsFailureWhatDoesNotFit() {
        List<SchemaViolation> violations =
                JsonSchema.of("{\"required\":[\"a\",\"b\",\"c\",\"d\"]}").validate(json("{}"));
        SchemaViolationException failure =
                new SchemaViolationException(FailureKind.UNTRUSTED_DATA, "Item 7", violations);

        assertThat(failure.from("GET https://h/x"))
                .hasMessageStartingWith(
                        "GET https://h/x: Item 7 does not fit its schema: the value lacks the property '")
                .hasMessageEndingWith("and 1 more");
        assertThat(failure.violations()).hasSize(4);
        assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
    }

    /** Loads our JSON room anew and does not find a library. */
    private static final class WithoutLibrary extends ClassLoader {

        private final String missing;

        WithoutLibrary(String missing) {
            super(JsonSchemaTest.class.getClassLoader());
            this.missing = missing;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(missing)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.headrace.json.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
