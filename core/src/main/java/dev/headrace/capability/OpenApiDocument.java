package dev.headrace.capability;

import dev.headrace.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An integration's HTTP form, as OpenAPI 3.1.0, whose schemas are JSON Schemas of draft 2020-12 (OAS 3.1 §4.8.24). Every answer is an
 * envelope, whatever its status.
 */
final class OpenApiDocument {

    private static final String COMPONENTS = "#/components/schemas/";

    private final Integration integration;
    private final ObjectNode schemas = JsonNodeFactory.instance.objectNode();
    private final ObjectNode paths = JsonNodeFactory.instance.objectNode();

    private OpenApiDocument(Integration integration) {
        this.integration = integration;
    }

    static JsonNode of(Integration integration) {
        return new OpenApiDocument(integration).document();
    }

    private ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", integration.description().displayName());
        info.put("version", integration.version().orElse("0"));
        if (!integration.description().text().isEmpty()) {
            info.put("description", integration.description().text());
        }
        document.set("paths", paths);
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas);
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer");
        document.putArray("security").addObject().putArray("token");

        schemas.set("Page", Json.tree("""
                {"type": ["object", "null"], "properties": {"token": {"type": ["string", "null"]},
                 "size": {"type": ["integer", "null"], "minimum": 1}}}"""));
        schemas.set("Error", Json.tree("""
                {"type": "object", "required": ["message", "error_code", "raised_by", "raised_in"], "properties": {
                 "message": {"type": "string"}, "status_code": {"type": ["integer", "null"]},
                 "error_code": {"type": "string"}, "raised_by": {"type": "string"}, "raised_in": {"type": "string"},
                 "kind": {"enum": ["transient", "configuration", "permanent", "untrusted_data", "local"]},
                 "retryable": {"type": "boolean"}, "retry_at": {"type": ["string", "null"], "format": "date-time"}}}"""));
        schemas.set("Failure", envelope(JsonNodeFactory.instance.objectNode().put("type", "null"), ref("Error")));
        integration.credentials().schema().ifPresent(entry -> component("Credentials", entry.getValue()));
        integration
                .settings()
                .ifPresent(type -> component("Settings", type.schema().json()));

        integration.capabilities().forEach(this::capability);
        fixed("/info", "What the integration can do");
        fixed("/health", "Whether the server is up");
        integration.source().ifPresent(source -> {
            source.configSchema().ifPresent(schema -> component("Configuration", schema.json()));
            streams(source.configSchema().isPresent());
        });
        return document;
    }

    private void capability(Capability<?, ?> capability) {
        String name = capability.name();
        component(name + "_request", capability.arguments().json());
        component(name + "_response", capability.result().json());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "object");
        ObjectNode properties = body.putObject("properties");
        properties.set("request", ref(name + "_request"));
        integration.credentials().schema().ifPresent(entry -> properties.set(entry.getKey(), ref("Credentials")));
        integration.settings().ifPresent(type -> properties.set("settings", ref("Settings")));
        properties.set("page", ref("Page"));
        properties.putObject("include_raw_data").put("type", "boolean").put("default", false);
        properties.putObject("request_id").put("type", "string");
        ObjectNode operation = operation("/" + name, "post", name, capability.displayName());
        if (!capability.description().isEmpty()) {
            operation.put("description", capability.description());
        }
        ObjectNode request = operation.putObject("requestBody");
        request.put("required", true);
        request.putObject("content").putObject("application/json").set("schema", body);
        ObjectNode responses = operation.putObject("responses");
        answer(
                responses,
                "200",
                "The answer",
                "application/json",
                envelope(
                        ref(name + "_response"),
                        JsonNodeFactory.instance.objectNode().put("type", "null")));
        failures(responses);
    }

    private void fixed(String path, String summary) {
        ObjectNode responses =
                operation(path, "get", path.substring(1), summary).putObject("responses");
        answer(responses, "200", summary, "application/json", JsonNodeFactory.instance.objectNode());
        failures(responses);
    }

    private void streams(boolean configured) {
        ObjectNode config = configured
                ? ref("Configuration")
                : JsonNodeFactory.instance.objectNode().put("type", "object");
        onStreams("check", "Whether every stream can be read", "application/json", config);
        onStreams("discover", "What streams there are", "application/json", config);
        ObjectNode more = onStreams(
                "read",
                "Reads streams: records, checkpoints and notices, as they come",
                "application/x-ndjson",
                config);
        more.putObject("state").put("description", "Of a checkpoint of an earlier reading");
        more.putObject("streams").put("type", "array").putObject("items").put("type", "string");
        more.putObject("full_refresh").put("type", "boolean").put("default", false);
    }

    /** The properties of the request's body. */
    private ObjectNode onStreams(String name, String summary, String contentType, ObjectNode config) {
        ObjectNode operation = operation("/" + name, "post", name, summary);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "object");
        ObjectNode properties = body.putObject("properties");
        properties.set("config", config);
        operation
                .putObject("requestBody")
                .putObject("content")
                .putObject("application/json")
                .set("schema", body);
        ObjectNode responses = operation.putObject("responses");
        answer(responses, "200", summary, contentType, JsonNodeFactory.instance.objectNode());
        failures(responses);
        return properties;
    }

    private ObjectNode operation(String path, String method, String id, String summary) {
        ObjectNode operation = paths.putObject(path).putObject(method);
        operation.put("operationId", id);
        operation.put("summary", summary);
        return operation;
    }

    private static void failures(ObjectNode responses) {
        answer(responses, "default", "A failure", "application/json", ref("Failure"));
    }

    private static void answer(
            ObjectNode responses, String status, String description, String contentType, JsonNode schema) {
        ObjectNode response = responses.putObject(status);
        response.put("description", description);
        response.putObject("content").putObject(contentType).set("schema", schema);
    }

    private static ObjectNode envelope(JsonNode response, JsonNode error) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("type", "object");
        ObjectNode properties = envelope.putObject("properties");
        properties.set("response", response);
        properties.putObject("raw_data");
        properties.set("page", ref("Page"));
        properties.set("error", error);
        return envelope;
    }

    private void component(String name, JsonNode schema) {
        schemas.set(name, EmbeddedSchemas.placed(schema, COMPONENTS + name));
    }

    private static ObjectNode ref(String name) {
        return JsonNodeFactory.instance.objectNode().put("$ref", COMPONENTS + name);
    }
}
