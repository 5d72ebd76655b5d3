package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors know of the properties. */
class MetadataTest {

    @Test
    void eachPropertyOfTheApplicationHasADescription() {
        assertThat(descriptions("META-INF/spring-configuration-metadata.json"))
                .containsKeys(
                        "headrace.shutdown-grace",
                        "headrace.state.directory",
                        "headrace.sse.heartbeat",
                        "headrace.sse.signing-key",
                        "headrace.connectors",
                        "management.health.headrace.enabled")
                .allSatisfy(
                        (name, description) -> assertThat(description).as(name).endsWith("."));
    }

    @Test
    void eachPropertyOfAConnectorHasADescription() {
        assertThat(descriptions("META-INF/spring/configuration-metadata/dev.headrace.spring.ConnectorProperties.json"))
                .hasSizeGreaterThan(80)
                .containsKeys("base-url", "auth.oauth2.keep-refresh-token", "retry.budget.floor", "health.probe")
                .allSatisfy(
                        (name, description) -> assertThat(description).as(name).endsWith("."));
    }

    private static Map<String, String> descriptions(String resource) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        read(resource)
                .path("properties")
                .forEach(property -> descriptions.put(
                        property.path("name").asString(),
                        property.path("description").asString("")));
        return descriptions;
    }

    private static JsonNode read(String resource) {
        try (InputStream content =
                Objects.requireNonNull(MetadataTest.class.getClassLoader().getResourceAsStream(resource), resource)) {
            return JsonMapper.shared().readTree(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
