package dev.headrace.capability;

import dev.headrace.json.JsonSchema;
import dev.headrace.stream.Source;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an integration can do, as one document. */
final class InfoDocument {

    private InfoDocument() {}

    static JsonNode of(Integration integration, Collection<ErrorCode> errorCodes) {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        info.put("app_id", integration.id());
        info.put("version", integration.version().orElse(null));
        describe(integration.description(), info);
        ArrayNode names = info.putArray("capabilities");
        ObjectNode schemas = info.putObject("capability_schema");
        for (Capability<?, ?> capability : integration.capabilities()) {
            names.add(capability.name());
            ObjectNode schema = (ObjectNode) capability.schema();
            schema.put("display_name", capability.displayName());
            schema.put("description", capability.description());
            schemas.set(capability.name(), schema);
        }
        Optional<Map.Entry<String, JsonNode>> credentials =
                integration.credentials().schema();
        info.set(
                "authentication_schema",
                schema(credentials.filter(entry -> entry.getKey().equals("auth"))));
        info.set(
                "credentials_schema",
                schema(credentials.filter(entry -> entry.getKey().equals("credentials"))));
        info.set(
                "settings_schema",
                integration.settings().map(type -> type.schema().json()).orElse(JsonNodeFactory.instance.nullNode()));
        integration.source().ifPresent(source -> info.set("source", source(source)));
        ArrayNode codes = info.putArray("error_codes");
        Stream.concat(ErrorCode.usual().stream(), errorCodes.stream())
                .map(code -> code.in(integration.id()))
                .distinct()
                .sorted()
                .forEach(codes::add);
        return info;
    }

    private static void describe(Description description, ObjectNode info) {
        info.put("user_friendly_name", description.displayName());
        info.put("description", description.text());
        info.put("logo_url", description.logo().map(Object::toString).orElse(null));
        info.put("app_vendor_domain", description.vendorDomain().orElse(null));
        ArrayNode categories = info.putArray("categories");
        description.categories().forEach(categories::add);
    }

    private static JsonNode schema(Optional<Map.Entry<String, JsonNode>> credentials) {
        return credentials.map(Map.Entry::getValue).orElse(JsonNodeFactory.instance.nullNode());
    }

    private static ObjectNode source(Source source) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", source.name());
        json.set(
                "config_schema",
                source.configSchema().map(JsonSchema::json).orElse(JsonNodeFactory.instance.nullNode()));
        return json;
    }

    /** What the configuration of an integration's own streams looks like. */
    static JsonSchema configuration(CredentialTypes credentials, @Nullable ObjectType<?> settings) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        credentials.schema().ifPresent(entry -> {
            properties.set(entry.getKey(), entry.getValue());
            // A list of which nothing is needed may be missing.
            if (!entry.getValue().has("items") || entry.getValue().has("allOf")) {
                required.add(entry.getKey());
            }
        });
        if (settings != null) {
            properties.set(settings.subject(), settings.schema().json());
            if (!settings.tree().path("required").isEmpty()) {
                required.add(settings.subject());
            }
        }
        return JsonSchema.of(EmbeddedSchemas.hoisted(schema));
    }
}
