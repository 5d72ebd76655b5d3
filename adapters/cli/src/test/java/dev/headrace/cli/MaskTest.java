package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.Credentials;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.json.SchemaField;
import dev.headrace.stream.RecordStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Secrets of a document, whatever a message has them from. */
class MaskTest {

    private static final String PASSWORD = "pass-of-ada";
    private static final String KEY = "key-in-settings";
    private static final String PIN = "pin-in-request";
    private static final String CONFIG = "{\"auth\":{\"username\":\"ada\",\"password\":\"" + PASSWORD
            + "\"},\"settings\":{\"region\":\"north\",\"keys\":[{\"value\":\"" + KEY + "\"}]}}";

    record Key(@SchemaField(secret = true) String value) {}

    record Settings(String region, List<Key> keys) {}

    record Request(@SchemaField(secret = true) @Nullable String pin) {}

    record Nothing() {}

    @TempDir
    private Path directory;

    private static Integration leaky() {
        String message = "north " + PASSWORD + " " + KEY + " " + PIN;
        return Integration.builder("leaky")
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .capability(
                        "leak",
                        Request.class,
                        Nothing.class,
                        (request, context) -> Mono.error(new IllegalStateException(message)))
                .connector(context -> {
                    throw new HeadraceException(FailureKind.CONFIGURATION, message, null);
                })
                .stream(RecordStream.of("things", Endpoint.get("/things").items("", JsonNode.class)))
                .build();
    }

    @Test
    void hidesWhatTheSchemasOfACapabilitySayThatNobodyMaySee() {
        String document = "{\"request\":{\"pin\":\"" + PIN + "\"}," + CONFIG.substring(1);

        Ran ran = Ran.of(leaky(), "", "leak", "-v", "--json", document);

        assertThat(ran.err())
                .contains("java.lang.IllegalStateException: north ••• ••• •••")
                .doesNotContain(PASSWORD, KEY, PIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "check", "airbyte check"})
    void hidesWhatTheSchemaOfAConfigurationSaysThatNobodyMaySee(String command) throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), CONFIG);

        Ran ran = Ran.of(leaky(), "", (command + " -v --config " + config).split(" "));

        assertThat(ran.out() + ran.err()).contains("north ••• •••").doesNotContain(PASSWORD, KEY);
    }

    @Test
    void followsSchemasThroughReferencesAlternativesAndCircles() {
        JsonNode schema = Json.tree("""
                {"$defs": {"node": {"properties": {
                    "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/node"}]},
                    "token": {"x-field_type": "SECRET"}}}},
                 "allOf": [{"$ref": "#"}, {"$ref": "#/$defs/node"}],
                 "additionalProperties": {"writeOnly": true}}
                """);
        Mask mask = new Mask();

        mask.hide(
                Json.tree(
                        "{\"next\":{\"next\":{\"token\":\"one-token\",\"note\":\"harmless\"}},\"other\":[\"two-token\"]}"),
                Json.tree(Json.writeText(schema)));

        assertThat(mask.hidden("one-token two-token")).isEqualTo("••• •••");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'writeOnly':true}",
                "{'format':'password'}",
                "{'airbyte_secret':true}",
                "{'x-field_type':'SECRET'}"
            })
    void knowsEveryWordForASecret(String secret) {
        JsonNode schema = Json.tree(("{'properties':{'key':" + secret + "}}").replace('\'', '"'));
        Mask mask = new Mask();

        mask.hide(Json.tree("{\"key\":\"abcdef\"}"), schema);

        assertThat(mask.hidden("key abcdef")).isEqualTo("key •••");
    }

    @Test
    void leavesWhatIsNoSecret() {
        Mask mask = new Mask();

        mask.hide(
                Json.tree("{\"region\":\"north\",\"key\":\"abcdef\"}"),
                Json.tree(
                        "{\"properties\":{\"region\":{\"type\":\"string\",\"format\":\"hostname\",\"airbyte_secret\":false},"
                                + "\"key\":{\"writeOnly\":true}}}"));

        assertThat(mask.hidden("north abcdef")).isEqualTo("north •••");
    }
}
