package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** A document with every key: what reads it and what editors are told are made of the same table, and say the same. */
class EveryKeyTest {

    private static final String COPY = "headrace-spec.schema.json";

    private final String document = resource("every-key.yaml");

    private static String resource(String name) {
        try (InputStream content = Objects.requireNonNull(EveryKeyTest.class.getResourceAsStream(name), name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void hasNoProblems() {
        assertThat(Spec.check("every-key.yaml", document)).isEmpty();
    }

    @Test
    void makesASource() {
        StepVerifier.create(Spec.parse("every-key.yaml", document)
                        .source()
                        .discover(Json.tree("{\"host\": \"api.example.com\"}"))
                        .map(stream -> stream.name()))
                .expectNext("accounts", "orders", "regions", "files", "tables", "changes", "deltas", "searched")
                .expectNext("by_header", "by_offset", "graph", "edits")
                .verifyComplete();
    }

    @Test
    void fitsTheSchemaForEditors() {
        JsonNode written =
                YamlReader.read(document, new Problems()).orElseThrow().json();

        assertThat(JsonSchema.of(withoutReferences(Spec.editorSchema())).validate(written))
                .isEmpty();
    }

    @Test
    void theSchemaForEditorsRefusesWhatTheReaderRefuses() {
        JsonSchema schema = JsonSchema.of(withoutReferences(Spec.editorSchema()));
        for (String wrong : new String[] {
            "{}",
            "{headrace: 1, name: x, connector: {base_url: 'https://a.b'}, streams: {}}",
            "{headrace: 1, name: x, connector: {base_url: 'https://a.b'}, streams: {a: {request: /a}}, more: 1}",
            "{headrace: 1, name: x, connector: {base_url: 'https://a.b', auth: {bearer: a, basic: {user: a, password: b}}}, streams: {a: {request: /a}}}",
            "{headrace: 1, name: x, connector: {base_url: 'https://a.b'}, streams: {a: {request: /a, pagination: {link: true, relay: /a}}}}",
            "{headrace: 1, name: x, connector: {base_url: 'https://a.b'}, streams: {a: {request: /a, on_invalid: ignore}}}",
        }) {
            assertThat(schema.validate(
                            YamlReader.read(wrong, new Problems()).orElseThrow().json()))
                    .as(wrong)
                    .isNotEmpty();
            assertThat(Spec.check("wrong.yaml", wrong)).as(wrong).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"graphql", "slack", "github", "stripe"})
    void takesReadyMadeRulesOfErrorsInEveryFormThatEditorsAreTold(String name) {
        JsonSchema schema = JsonSchema.of(withoutReferences(Spec.editorSchema()));
        String spec =
                "{headrace: 1, name: x, connector: {base_url: 'https://a.b', errors: %s}, streams: {a: {request: /a}}}";
        for (String errors : new String[] {
            name,
            "[" + name + "]",
            "{" + name + ": true}",
            "[{" + name + ": true}, {when: {status: 404}, then: ignore}]"
        }) {
            String written = spec.formatted(errors);
            assertThat(Spec.check("errors.yaml", written)).as(written).isEmpty();
            assertThat(schema.validate(YamlReader.read(written, new Problems())
                            .orElseThrow()
                            .json()))
                    .as(written)
                    .isEmpty();
        }
    }

    @Test
    void everyKeyIsWrittenInIt() {
        Set<String> known = new TreeSet<>();
        collectKeys(Spec.editorSchema(), known);
        Set<String> written = new TreeSet<>();
        collectNames(YamlReader.read(document, new Problems()).orElseThrow().json(), written);

        assertThat(written)
                .containsAll(
                        known.stream().filter(key -> !OTHERWISE.contains(key)).toList());
    }

    /** Keys of which only one can be said, where the document says another, and words that can be keys. */
    private static final Set<String> OTHERWISE = Set.of(
            "linear",
            "fixed",
            "never",
            "none",
            "consecutive_failures",
            "span",
            "link",
            "event",
            "disk",
            "memory",
            "file",
            "resource",
            "graphql",
            "slack",
            "github",
            "stripe",
            "ignore",
            "accept",
            "retry",
            "rate_limited",
            "renew_credentials",
            "remove_nulls",
            "fail_on_missing",
            "restart_slice",
            "iso",
            "date",
            "epoch_seconds",
            "epoch_millis",
            "single",
            "json_sequence",
            "ndjson");

    @Test
    void everyKeyHasADescription() {
        assertDescribed(Spec.editorSchema(), "");
    }

    private static void assertDescribed(JsonNode schema, String path) {
        schema.path("properties")
                .properties()
                .forEach(property -> assertThat(
                                property.getValue().path("description").asString(""))
                        .as(path + "/" + property.getKey())
                        .endsWith("."));
        schema.properties().forEach(part -> assertDescribed(part.getValue(), path + "/" + part.getKey()));
        if (schema.isArray()) {
            schema.forEach(part -> assertDescribed(part, path));
        }
    }

    @Test
    void theCopyOfTheSchemaIsInStep() throws IOException {
        Path made = Path.of("target", COPY);
        Files.writeString(made, Spec.editorSchema().toPrettyString() + "\n");

        assertThat(Json.tree(Files.readString(Path.of("src", "main", "resources", "dev", "headrace", "spec", COPY))))
                .as("the copy; where the table has changed, copy " + made + " over it")
                .isEqualTo(Spec.editorSchema());
    }

    private static void collectKeys(JsonNode schema, Set<String> keys) {
        schema.path("properties").properties().forEach(property -> keys.add(property.getKey()));
        schema.forEach(part -> collectKeys(part, keys));
    }

    private static void collectNames(JsonNode document, Set<String> names) {
        document.properties().forEach(member -> names.add(member.getKey()));
        document.forEach(part -> collectNames(part, names));
    }

    /** Schemas within the document are not looked into: references to other documents are refused here. */
    private static JsonNode withoutReferences(JsonNode schema) {
        return Json.tree(Json.writeText(schema)
                .replace(
                        "\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"",
                        "\"type\":[\"object\",\"boolean\"]"));
    }
}
