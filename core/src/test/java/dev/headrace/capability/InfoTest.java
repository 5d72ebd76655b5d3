package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaField;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an integration says it can do. */
class InfoTest {

    record Settings(
            @SchemaField(title = "Your subdomain", order = 1)
            String subdomain,

            @SchemaField(secret = true, order = 2) String key,
            @SchemaField(multiline = true) @Nullable String note,
            @SchemaField(hidden = true) @Nullable String build) {}

    record Address(String street) {}

    record Account(String id, Address home, List<Address> others, List<Account> reports) {}

    record Accounts(List<Account> accounts) {}

    record Ask(int limit) {}

    private static Integration acme() {
        return Integration.builder("acme")
                .version("1.2.0")
                .description(Description.of("Acme")
                        .text("Accounts of Acme")
                        .logo(URI.create("https://acme.example/logo.png"))
                        .vendorDomain("acme.example")
                        .categories("identity", "demo"))
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .capability("list_accounts", Ask.class, Accounts.class, (request, context) -> Mono.never())
                .capability(Capability.of("get_account", Ask.class, Account.class, (CapabilityHandler<Ask, Account>)
                                (request, context) -> Mono.never())
                        .displayName("Get one")
                        .description("One account"))
                .errorCodes(ErrorCode.custom("seat_taken"))
                .build();
    }

    @Test
    void listsCapabilitiesInOrderWithTheirSchemas() { // M39, M40
        JsonNode info = acme().info();

        assertThat(info.path("app_id").stringValue()).isEqualTo("acme");
        assertThat(info.path("version").stringValue()).isEqualTo("1.2.0");
        assertThat(info.path("capabilities").toString()).isEqualTo("[\"get_account\",\"list_accounts\"]");
        assertThat(info.at("/capability_schema/get_account/display_name").stringValue())
                .isEqualTo("Get one");
        assertThat(info.at("/capability_schema/list_accounts/display_name").stringValue())
                .isEqualTo("List accounts");
        assertThat(info.at("/capability_schema/list_accounts/argument/properties/limit/type")
                        .stringValue())
                .isEqualTo("integer");
        assertThat(info.at("/capability_schema/list_accounts/output/properties/accounts/type")
                        .stringValue())
                .isEqualTo("array");
    }

    @Test
    void describesItselfToPeople() { // M41
        JsonNode info = acme().info();

        assertThat(info.path("user_friendly_name").stringValue()).isEqualTo("Acme");
        assertThat(info.path("description").stringValue()).isEqualTo("Accounts of Acme");
        assertThat(info.path("logo_url").stringValue()).isEqualTo("https://acme.example/logo.png");
        assertThat(info.path("app_vendor_domain").stringValue()).isEqualTo("acme.example");
        assertThat(info.path("categories").toString()).isEqualTo("[\"identity\",\"demo\"]");
    }

    @Test
    void saysWhichCredentialsAndSettingsItTakesAndHowTheyAreShown() { // M14, M42, M44
        JsonNode info = acme().info();

        assertThat(info.at("/authentication_schema/properties/password/x-field_type")
                        .stringValue())
                .isEqualTo("SECRET");
        assertThat(info.path("credentials_schema").isNull()).isTrue();
        assertThat(info.at("/settings_schema/properties/subdomain/title").stringValue())
                .isEqualTo("Your subdomain");
        assertThat(info.at("/settings_schema/properties/key/x-field_type").stringValue())
                .isEqualTo("SECRET");
        assertThat(info.at("/settings_schema/properties/note/x-field_type").stringValue())
                .isEqualTo("MULTI_LINES");
        assertThat(info.at("/settings_schema/properties/build/x-field_type").stringValue())
                .isEqualTo("HIDDEN");
    }

    @Test
    void listsItsOwnCodesBesideTheUsual() { // M27, M28
        assertThat(acme().info().path("error_codes").valueStream().map(JsonNode::stringValue))
                .contains("acme.seat_taken", "acme.bad_request", "acme.rate_limit")
                .isSorted();
    }

    @Test
    void cannotBeChangedFromOutside() {
        Integration acme = acme();
        ((ObjectNode) acme.info()).removeAll();

        assertThat(acme.info().path("app_id").stringValue()).isEqualTo("acme");
    }

    @Test
    void isOpenApiWhoseReferencesLeadSomewhere() { // M40
        JsonNode openApi = acme().openApi();

        assertThat(openApi.path("openapi").stringValue()).isEqualTo("3.1.0");
        assertThat(openApi.at("/paths/~1list_accounts/post/operationId").stringValue())
                .isEqualTo("list_accounts");
        List<String> references = new ArrayList<>();
        collectReferences(openApi, references);
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(openApi.at(JsonPointer.compile(reference.substring(1)))
                                .isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void checksEnvelopesByTheSchemasOfItsOpenApi() {
        JsonNode openApi = acme().openApi();
        JsonSchema failure = JsonSchema.of(standalone(openApi, "#/components/schemas/Failure"));

        JsonNode envelope = Json.tree(
                Objects.requireNonNull(acme().dispatch("list_accounts", "{}").block()));

        assertThat(failure.validate(envelope)).isEmpty();
        assertThat(failure.validate(Json.tree("{\"error\":{}}"))).isNotEmpty();
    }

    private static JsonNode standalone(JsonNode openApi, String reference) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$ref", reference);
        schema.set("components", openApi.path("components"));
        return schema;
    }

    private static void collectReferences(JsonNode node, List<String> references) {
        if (node.isObject() && node.path("$ref").isString()) {
            references.add(node.path("$ref").stringValue());
        }
        node.forEach(child -> collectReferences(child, references));
    }
}
