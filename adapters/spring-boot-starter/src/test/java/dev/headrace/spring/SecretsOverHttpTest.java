package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What Actuator shows of credentials that a running application has, although it has been told to show all values: nothing. */
class SecretsOverHttpTest {

    /** One for each place. */
    private static final List<String> SECRETS = IntStream.rangeClosed(1, 11)
            .mapToObj(i -> "s3cr3t-" + i + "-t3rc3s")
            .toList();

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static ConfigurableApplicationContext application;
    private static WebTestClient client;

    @BeforeAll
    static void start() {
        application = Apps.builder(Application.class)
                .initializers(context -> {
                    context.getEnvironment()
                            .getPropertySources()
                            .addFirst(new SystemEnvironmentPropertySource(
                                    "test-systemEnvironment",
                                    Map.of(
                                            "GITHUB_TOKEN",
                                            SECRETS.get(0),
                                            "PROXY_URL",
                                            "http://me:" + SECRETS.get(1) + "@proxy:3128",
                                            "HEADRACE_CONNECTORS_ENV_BASEURL",
                                            "https://env.example.com",
                                            "HEADRACE_CONNECTORS_ENV_AUTH_BEARER_TOKEN",
                                            SECRETS.get(2),
                                            "SPRING_APPLICATION_JSON",
                                            "{\"token\":\"" + SECRETS.get(3) + "\"}")));
                    context.getEnvironment()
                            .getPropertySources()
                            .addLast(new MapPropertySource("vault", Map.of("vault.number", 12345678901L)));
                })
                .run(Apps.arguments(
                        "management.endpoints.web.exposure.include=env,configprops",
                        "management.endpoint.env.show-values=always",
                        "management.endpoint.configprops.show-values=always",
                        "spring.application.name=shown-name",
                        "vault.password=" + SECRETS.get(4),
                        "headrace.connectors.github.base-url=https://api.github.com",
                        "headrace.connectors.github.auth.bearer.token=${GITHUB_TOKEN}",
                        "headrace.connectors.github.proxy.host=127.0.0.1",
                        "headrace.connectors.github.proxy.port=3128",
                        "headrace.connectors.github.proxy.user=me",
                        "headrace.connectors.github.proxy.password=" + SECRETS.get(1),
                        "headrace.connectors.github.headers.X-Api-Token=" + SECRETS.get(5),
                        "headrace.connectors.github.headers.X-Tenant=shown-tenant",
                        "headrace.connectors.json.base-url=https://json.example.com",
                        "headrace.connectors.json.auth.api-key.key=" + SECRETS.get(3),
                        "headrace.connectors.vault.base-url=https://vault.example.com",
                        "headrace.connectors.vault.auth.basic.user=shown-user",
                        "headrace.connectors.vault.auth.basic.password=${vault.password}",
                        "headrace.connectors.header.base-url=https://header.example.com",
                        "headrace.connectors.header.auth.header.secret=" + SECRETS.get(6),
                        "headrace.connectors.oauth.base-url=https://oauth.example.com",
                        "headrace.connectors.oauth.auth.oauth2.token-url=https://oauth.example.com/shown-url",
                        "headrace.connectors.oauth.auth.oauth2.client-id=shown-client",
                        "headrace.connectors.oauth.auth.oauth2.client-secret=" + SECRETS.get(7),
                        "headrace.connectors.oauth.auth.oauth2.refresh-token=" + SECRETS.get(8),
                        "headrace.connectors.oauth.auth.oauth2.parameters.client_assertion=" + SECRETS.get(9),
                        "headrace.connectors.oauth.auth.oauth2.parameters.audience=shown-audience",
                        "headrace.connectors.number.base-url=https://number.example.com",
                        "headrace.sse.signing-key=" + SECRETS.get(10).repeat(2),
                        "headrace.connectors.number.auth.bearer.token=${vault.number}",
                        "another.name.of.it=prefix " + SECRETS.get(7) + " suffix"));
        client = Apps.client(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/env",
                "/actuator/configprops",
                "/actuator/configprops/headrace",
                "/actuator/env/GITHUB_TOKEN",
                "/actuator/env/PROXY_URL",
                "/actuator/env/SPRING_APPLICATION_JSON",
                "/actuator/env/vault.password",
                "/actuator/env/vault.number",
                "/actuator/env/another.name.of.it",
                "/actuator/env/headrace.connectors.github.auth.bearer.token",
                "/actuator/env/headrace.connectors.env.auth.bearer.token",
                "/actuator/env/HEADRACE_CONNECTORS_ENV_AUTH_BEARER_TOKEN"
            })
    void noSecretIsShown(String uri) {
        assertThat(body(uri)).contains("******").doesNotContain(SECRETS).doesNotContain("s3cr3t", "12345678901");
    }

    @Test
    void whatIsNoSecretIsShown() {
        assertThat(body("/actuator/env"))
                .contains(
                        "shown-name",
                        "shown-tenant",
                        "shown-user",
                        "oauth.example.com/shown-url",
                        "shown-client",
                        "shown-audience",
                        "https://env.example.com");
        assertThat(body("/actuator/configprops"))
                .contains("shown-tenant", "shown-user", "shown-client", "shown-audience", "https://api.github.com")
                .doesNotContain("Cannot serialize 'headrace'");
    }

    private static String body(String uri) {
        return Objects.requireNonNull(client.get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }
}
