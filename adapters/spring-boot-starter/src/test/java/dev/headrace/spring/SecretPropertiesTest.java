package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Which properties hold a secret. */
class SecretPropertiesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "headrace.connectors.github.auth.bearer.token",
                "headrace.connectors.git-hub.auth.basic.password",
                "headrace.connectors.[git.hub].auth.api-key.key",
                "headrace.connectors.github.auth.apiKey.key",
                "headrace.connectors.github.auth.api_key.key",
                "headrace.connectors.github.auth.header.secret",
                "headrace.connectors.github.auth.oauth2.client-secret",
                "headrace.connectors.github.auth.oauth2.clientSecret",
                "headrace.connectors.github.auth.oauth2.refresh-token",
                "headrace.connectors.github.auth.oauth2.parameters.client_assertion",
                "headrace.connectors.github.auth.oauth2.parameters[api-key]",
                "headrace.connectors.github.proxy.password",
                "headrace.connectors.github.headers.X-Api-Token",
                "headrace.connectors.github.headers[X-Api-Key]",
                "headrace.connectors.github.headers.[Cookie]",
                "HEADRACE_CONNECTORS_GITHUB_AUTH_BEARER_TOKEN",
                "HEADRACE_CONNECTORS_GITHUB_AUTH_OAUTH2_CLIENTSECRET",
                "HEADRACE_CONNECTORS_GITHUB_AUTH_APIKEY_KEY",
                "HEADRACE_CONNECTORS_GITHUB_PROXY_PASSWORD",
                "HEADRACE_CONNECTORS_GITHUB_HEADERS_XAPITOKEN"
            })
    void byTheirNames(String key) {
        assertThat(SecretProperties.isSecretKey(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "headrace.connectors.github.base-url",
                "headrace.connectors.token.base-url",
                "headrace.connectors.github.auth.bearer.token-file",
                "headrace.connectors.github.auth.basic.user",
                "headrace.connectors.github.auth.api-key.header",
                "headrace.connectors.github.auth.oauth2.token-url",
                "headrace.connectors.github.auth.oauth2.client-id",
                "headrace.connectors.github.auth.oauth2.keep-refresh-token",
                "headrace.connectors.github.auth.oauth2.parameters.audience",
                "headrace.connectors.github.headers.X-Tenant",
                "headrace.connectors.github.proxy.password-file",
                "HEADRACE_CONNECTORS_GITHUB_AUTH_BEARER_TOKENFILE",
                "spring.datasource.password",
                "other.headrace"
            })
    void butNotEveryProperty(String key) {
        assertThat(SecretProperties.isSecretKey(key)).isFalse();
    }

    @Test
    void byTheirValues() {
        SecretProperties secrets = bound(Map.of(
                "headrace.connectors.a.auth.bearer.token", "bearer-token",
                "headrace.connectors.b.auth.basic.password", "basic-password",
                "headrace.connectors.c.auth.api-key.key", "api-key-key",
                "headrace.connectors.d.auth.header.secret", "header-secret",
                "headrace.connectors.e.auth.oauth2.client-secret", "client-secret",
                "headrace.connectors.e.auth.oauth2.refresh-token", "refresh-token",
                "headrace.connectors.e.auth.oauth2.parameters.api-key", "parameter-key",
                "headrace.connectors.f.proxy.password", "proxy-password",
                "headrace.connectors.f.headers.X-Api-Key", "header-key"));

        assertThat(secrets.occurIn("bearer-token")).isTrue();
        assertThat(secrets.occurIn("https://me:basic-password@example.com")).isTrue();
        assertThat(secrets.occurIn("--key=api-key-key --other")).isTrue();
        assertThat(secrets.occurIn("header-secret")).isTrue();
        assertThat(secrets.occurIn("client-secret")).isTrue();
        assertThat(secrets.occurIn("refresh-token")).isTrue();
        assertThat(secrets.occurIn("parameter-key")).isTrue();
        assertThat(secrets.occurIn("proxy-password")).isTrue();
        assertThat(secrets.occurIn("header-key")).isTrue();
        assertThat(secrets.occurIn("something else")).isFalse();
    }

    @Test
    void headerThatIsNoSecretIsNone() {
        SecretProperties secrets = bound(Map.of("headrace.connectors.a.headers.X-Tenant", "tenant-blue"));

        assertThat(secrets.occurIn("tenant-blue")).isFalse();
    }

    @Test
    void whatAHeaderIsPutTogetherOfIsFoundByItself() {
        SecretProperties secrets = bound(Map.of("headrace.connectors.a.headers.Authorization", "Bearer ghp-token key"));

        assertThat(secrets.occurIn("ghp-token")).isTrue();
        assertThat(secrets.occurIn("Bearer ghp-token key")).isTrue();
        assertThat(secrets.occurIn("no Bearer of a key")).isFalse();
    }

    @Test
    void secretsOfAProbeAreFound() {
        SecretProperties secrets = bound(
                Map.of("headrace.connectors.a.health.probe", "/up?deep=entirely&token=probe-token&password=pw#x"));

        assertThat(secrets.occurIn("probe-token")).isTrue();
        assertThat(secrets.occurIn("pw")).isTrue();
        assertThat(secrets.occurIn("entirely")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "headrace.connectors.a.health.probe",
                "HEADRACE_CONNECTORS_A_HEALTH_PROBE",
                "headrace.connectors.[a.b].health.probe"
            })
    void probeIsHiddenIfASecretIsInIt(String key) {
        SecretProperties none = bound(Map.of("headrace.connectors.a.base-url", "https://a.example.com"));

        assertThat(none.hide(key, "/up?token=pw")).isTrue();
        assertThat(none.hide(key, "/up?deep=true")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS_PROXY", "https_proxy", "https.proxy", "ALL_PROXY", "all-proxy"})
    void proxyOfTheEnvironmentIsHiddenIfItHasCredentials(String key) {
        SecretProperties none = bound(Map.of("headrace.connectors.a.proxy.from-environment", "true"));

        assertThat(none.hide(key, "http://me:pw@proxy:3128")).isTrue();
        assertThat(none.hide(key, "me:pw@proxy:3128")).isTrue();
        assertThat(none.hide(key, "http://proxy:3128")).isFalse();
    }

    @Test
    void shortOneIsFoundByItselfOnly() {
        SecretProperties secrets = bound(Map.of("headrace.connectors.a.auth.bearer.token", "abc"));

        assertThat(secrets.occurIn("abc")).isTrue();
        assertThat(secrets.occurIn("abcd")).isFalse();
    }

    @Test
    void oneWithQuotesIsFoundInJson() {
        SecretProperties secrets = bound(Map.of("headrace.connectors.a.auth.bearer.token", "with\"quote\\slash"));

        assertThat(secrets.occurIn("{\"token\":\"with\\\"quote\\\\slash\"}")).isTrue();
    }

    @Test
    void numberIsOneToo() {
        SecretProperties secrets = bound(Map.of("headrace.connectors.a.auth.bearer.token", "1234567"));

        assertThat(secrets.occurIn(1234567)).isTrue();
    }

    @Test
    void recordsOfPropertiesDoNotPrintThem() {
        HeadraceProperties properties = properties(Map.of(
                "headrace.connectors.a.base-url", "https://me:s3cr3t@example.com/?token=s3cr3t",
                "headrace.connectors.a.auth.bearer.token", "s3cr3t",
                "headrace.connectors.a.auth.basic.password", "s3cr3t",
                "headrace.connectors.a.auth.api-key.key", "s3cr3t",
                "headrace.connectors.a.auth.header.secret", "s3cr3t",
                "headrace.connectors.a.auth.oauth2.token-url", "https://me:s3cr3t@example.com/",
                "headrace.connectors.a.auth.oauth2.client-secret", "s3cr3t",
                "headrace.connectors.a.auth.oauth2.parameters.api-key", "s3cr3t",
                "headrace.connectors.a.proxy.password", "s3cr3t",
                "headrace.connectors.a.headers.X-Token", "s3cr3t"));
        ConnectorProperties connector =
                Objects.requireNonNull(properties.connectors().get("a"));

        assertThat(properties + " " + connector.auth() + " " + connector.proxy())
                .contains("•••", "X-Token", "api-key")
                .doesNotContain("s3cr3t");
    }

    private static SecretProperties bound(Map<String, String> properties) {
        return SecretProperties.of(properties(properties));
    }

    private static HeadraceProperties properties(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("headrace", HeadraceProperties.class)
                .get();
    }
}
