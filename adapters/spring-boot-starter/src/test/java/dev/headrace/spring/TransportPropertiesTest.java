package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.http.ProxySettings;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.http.TlsSettings;
import dev.headrace.http.TransportException;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestCertificate;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** SSL bundles and proxies. */
class TransportPropertiesTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final TestCertificate AUTHORITY = TestCertificate.authority("headrace-test CA");

    @TempDir
    Path directory;

    @Test
    void bundleIsTrustedAndShown() throws Exception {
        TestCertificate client = AUTHORITY.issueClient("me");
        try (TestServer server = TestServer.builder()
                .route("/**", Route.fixed(200, "text/plain", "ok"))
                .tls(AUTHORITY.issueServer("localhost"))
                .requireClientCertificate(AUTHORITY)
                .start()) {
            bundled("https://localhost:" + server.port())
                    .withPropertyValues(
                            "spring.ssl.bundle.pem.remote.keystore.certificate=" + file("client.pem", client.pem()),
                            "spring.ssl.bundle.pem.remote.keystore.private-key=" + file("key.pem", client.keyPem()))
                    .run(context ->
                            assertThat(status(context.getBean(Connector.class))).isEqualTo(200));
        }
    }

    @Test
    void withoutABundleNobodyTrustsIt() {
        try (TestServer server =
                TestServer.builder().tls(AUTHORITY.issueServer("localhost")).start()) {
            Contexts.github("https://localhost:" + server.port(), "retry.backoff=never")
                    .run(context -> assertThatThrownBy(() -> status(context.getBean(Connector.class)))
                            .isInstanceOf(TransportException.class));
        }
    }

    @Test
    void optionsOfABundleHold() throws Exception {
        bundled("https://localhost:1")
                .withPropertyValues(
                        "spring.ssl.bundle.pem.remote.options.enabled-protocols=TLSv1.2",
                        "spring.ssl.bundle.pem.remote.options.ciphers=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
                .run(context -> assertThat(
                                context.getBean(Connector.class).settings().tls())
                        .hasToString("TlsSettings[trust as its SSLContext, protocols [TLSv1.2],"
                                + " ciphers [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]]"));
    }

    @Test
    void optionThatThisJavaDoesNotKnowIsRefused() throws Exception {
        bundled("https://localhost:1")
                .withPropertyValues("spring.ssl.bundle.pem.remote.options.enabled-protocols=TLSv9")
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .startsWith("The property headrace.connectors.github.ssl.bundle cannot be used")
                        .contains("Of spring.ssl.bundle.*.remote.options.enabled-protocols, [TLSv9] are not known"));
    }

    @Test
    void emptyOptionsLeaveItToJava() throws Exception {
        bundled("https://localhost:1")
                .withPropertyValues(
                        "spring.ssl.bundle.pem.remote.options.enabled-protocols=",
                        "spring.ssl.bundle.pem.remote.options.ciphers=")
                .run(context -> assertThat(
                                context.getBean(Connector.class).settings().tls())
                        .hasToString("TlsSettings[trust as its SSLContext]"));
    }

    @Test
    void bundleThatCannotBeReadIsNamed() throws Exception {
        bundled("https://localhost:1")
                .withPropertyValues("spring.ssl.bundle.pem.remote.truststore.certificate=" + directory.resolve("none"))
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .startsWith("The property headrace.connectors.github.ssl.bundle cannot be used:\n\n"
                                + "    The SSL bundle 'remote' cannot be used (java.")
                        .endsWith("Exception); look at the properties spring.ssl.bundle.*.remote"));
    }

    @Test
    void keyThatCannotBeReadIsNotShown() throws Exception {
        bundled("https://localhost:1")
                .withPropertyValues("spring.ssl.bundle.pem.remote.keystore.private-key=bm90LWEta2V5")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(PropertyException.class)
                        .hasMessageContaining("'remote' cannot be used")
                        .hasMessageNotContaining("bm90LWEta2V5"));
    }

    @Test
    void unknownBundleListsTheOthers() throws Exception {
        bundled("https://localhost:1")
                .withPropertyValues("headrace.connectors.github.ssl.bundle=remot")
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .endsWith("There is no SSL bundle named 'remot'; there are [remote]"));
    }

    @Test
    void bundleWithoutBundlesIsAnError() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(HeadraceAutoConfiguration.class))
                .withPropertyValues(
                        "headrace.connectors.github.base-url=https://localhost:1",
                        "headrace.connectors.github.ssl.bundle=remote")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("headrace.connectors.github.ssl.bundle: There are no SSL bundles here,"
                                + " for there is no bean of type SslBundles"));
    }

    @Test
    void withoutPropertiesTheSystemIsTrustedAndThereIsNoProxy() {
        Contexts.github("https://localhost:1").run(context -> {
            assertThat(context.getBean(Connector.class).settings().tls()).isEqualTo(TlsSettings.system());
            assertThat(context.getBean(Connector.class).settings().proxy()).isEqualTo(ProxySettings.none());
        });
    }

    @Test
    void proxies() throws Exception {
        proxy(ProxySettings.http("127.0.0.1", 3128), "host=127.0.0.1", "port=3128");
        proxy(
                ProxySettings.socks5("127.0.0.1", 1080)
                        .credentials("me", Secret.of("given"))
                        .except("localhost", "*.example.com"),
                "type=socks5",
                "host=127.0.0.1",
                "port=1080",
                "user=me",
                "password=given",
                "except=localhost,*.example.com");
        proxy(
                ProxySettings.http("127.0.0.1", 3128).credentials("me", Secret.of("from-file")),
                "host=127.0.0.1",
                "port=3128",
                "user=me",
                "password-file=" + file("password", "from-file"));
        proxy(ProxySettings.fromEnvironment(), "from-environment=true");
    }

    private static void proxy(ProxySettings expected, String... properties) {
        String[] named = new String[properties.length];
        for (int i = 0; i < named.length; i++) {
            named[i] = "proxy." + properties[i];
        }
        Contexts.github("https://localhost:1", named)
                .run(context -> assertThat(
                                context.getBean(Connector.class).settings().proxy())
                        .isEqualTo(expected));
    }

    @Test
    void proxyIsAskedWithItsCredentials() {
        try (RawServer proxy = RawServer.replies(Reply.bytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                        .close())
                .start()) {
            Contexts.github(
                            "http://api.example.com",
                            "retry.backoff=never",
                            "proxy.host=127.0.0.1",
                            "proxy.port=" + proxy.port(),
                            "proxy.user=me",
                            "proxy.password=given")
                    .run(context -> {
                        assertThatThrownBy(() -> status(context.getBean(Connector.class)))
                                .isInstanceOf(TransportException.class);

                        RecordedRequest asked = proxy.requests().get(0);
                        assertThat(asked.method()).isEqualTo("CONNECT");
                        assertThat(asked.uri()).isEqualTo("api.example.com:80");
                        assertThat(asked.header("Proxy-Authorization"))
                                .contains("Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("me:given".getBytes(StandardCharsets.UTF_8)));
                    });
        }
    }

    private ApplicationContextRunner bundled(String baseUrl) throws Exception {
        return Contexts.github(baseUrl, "ssl.bundle=remote")
                .withPropertyValues(
                        "spring.ssl.bundle.pem.remote.truststore.certificate=" + file("ca.pem", AUTHORITY.pem()));
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private static int status(Connector connector) {
        return Objects.requireNonNull(connector.exchange(Request.get("/")).block(SOON))
                .status();
    }
}
