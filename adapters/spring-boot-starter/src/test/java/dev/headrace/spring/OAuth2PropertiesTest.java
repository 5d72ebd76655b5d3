package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.TokenException;
import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.state.StateStore;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Access tokens by properties, over the wire. */
class OAuth2PropertiesTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void clientCredentialsWithAllThatGoesWithThem() {
        try (TestServer server = server(FakeTokenEndpoint.issuing().client("app", "app-secret"))) {
            context(
                            server,
                            "client-secret=app-secret",
                            "scopes=read,write",
                            "parameters.audience=api",
                            "renew-before=5s",
                            "timeout=6s")
                    .run(context -> {
                        assertThat(status(context.getBean(Connector.class))).isEqualTo(200);

                        RecordedRequest asked = token(server, 0);
                        assertThat(asked.header("Authorization"))
                                .get()
                                .asString()
                                .startsWith("Basic ");
                        assertThat(asked.body())
                                .contains("grant_type=client_credentials", "scope=read%20write", "audience=api");
                    });
        }
    }

    @Test
    void timeoutEndsARequestForATokenThatTakesLonger() {
        try (TestServer server = server(
                FakeTokenEndpoint.issuing().delaying(Duration.ofSeconds(30)).always())) {
            context(server, "client-secret=app-secret", "timeout=100ms")
                    .withPropertyValues("headrace.connectors.github.retry.backoff=never")
                    .run(context -> assertThatThrownBy(() -> status(context.getBean(Connector.class)))
                            .isInstanceOf(TokenException.class));
        }
    }

    @Test
    void secretFromAFileAndClientInTheBody() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "app-secret");
        try (TestServer server = server(FakeTokenEndpoint.issuing().client("app", "app-secret"))) {
            context(server, "client-secret-file=" + file, "client-in-body=true").run(context -> {
                assertThat(status(context.getBean(Connector.class))).isEqualTo(200);

                assertThat(token(server, 0).header("Authorization")).isEmpty();
                assertThat(token(server, 0).body()).contains("client_id=app", "client_secret=app-secret");
            });
        }
    }

    @Test
    void refreshTokenOfAPublicClient() throws Exception {
        Path file = Files.writeString(directory.resolve("refresh"), "r2");
        try (TestServer server = server(FakeTokenEndpoint.issuing())) {
            context(server, "refresh-token=r1")
                    .run(context ->
                            assertThat(status(context.getBean(Connector.class))).isEqualTo(200));
            context(server, "refresh-token-file=" + file)
                    .run(context ->
                            assertThat(status(context.getBean(Connector.class))).isEqualTo(200));

            assertThat(token(server, 0).body())
                    .contains("grant_type=refresh_token", "refresh_token=r1", "client_id=app");
            assertThat(token(server, 1).body()).contains("refresh_token=r2");
        }
    }

    @Test
    void replacedRefreshTokenIsKeptForTheNextRun() {
        try (TestServer server = server(FakeTokenEndpoint.issuing().rotating("r1"))) {
            for (int run = 0; run < 3; run++) {
                keeping(server, "r1")
                        .run(context -> assertThat(status(context.getBean(Connector.class)))
                                .isEqualTo(200));
            }

            assertThat(token(server, 0).body()).contains("refresh_token=r1&");
            assertThat(token(server, 1).body()).contains("refresh_token=r1-2&");
            assertThat(token(server, 2).body()).contains("refresh_token=r1-3&");
        }
    }

    @Test
    void newlyConfiguredRefreshTokenWinsOverTheOneKept() {
        try (TestServer server = server(FakeTokenEndpoint.issuing().rotating("r1"));
                TestServer other = server(FakeTokenEndpoint.issuing().rotating("other"))) {
            keeping(server, "r1")
                    .run(context ->
                            assertThat(status(context.getBean(Connector.class))).isEqualTo(200));
            keeping(other, "other")
                    .run(context ->
                            assertThat(status(context.getBean(Connector.class))).isEqualTo(200));

            assertThat(token(other, 0).body()).contains("refresh_token=other&");
        }
    }

    @Test
    void configuredRefreshTokenIsNotWrittenDown() {
        StateStore store = StateStore.inMemory();
        try (TestServer server = server(FakeTokenEndpoint.issuing().rotating("r1"))) {
            context(server, "refresh-token=r1", "keep-refresh-token=true")
                    .withBean("store", StateStore.class, () -> store)
                    .run(context ->
                            assertThat(status(context.getBean(Connector.class))).isEqualTo(200));

            String kept = Objects.requireNonNull(store.load("headrace.connectors.github.auth.oauth2.refresh-token")
                            .block(SOON))
                    .toString();
            assertThat(kept).contains("\"token\":\"r1-2\"").doesNotContain("\"r1\"");
        }
    }

    private ApplicationContextRunner keeping(TestServer server, String token) {
        return context(server, "refresh-token=" + token, "keep-refresh-token=true")
                .withPropertyValues("headrace.state.directory=" + directory.resolve("state"));
    }

    private static TestServer server(FakeTokenEndpoint tokens) {
        return TestServer.builder()
                .route("/token", tokens)
                .route("/api/**", tokens.guarding(Route.fixed(200, "text/plain", "ok")))
                .start();
    }

    private static ApplicationContextRunner context(TestServer server, String... properties) {
        return Contexts.github(
                server.url() + "/api",
                Stream.concat(Stream.of("token-url=" + server.uri("/token"), "client-id=app"), Stream.of(properties))
                        .map(property -> "auth.oauth2." + property)
                        .toArray(String[]::new));
    }

    private static int status(Connector connector) {
        return Objects.requireNonNull(connector.exchange(Request.get("/")).block(SOON))
                .status();
    }

    private static RecordedRequest token(TestServer server, int index) {
        List<RecordedRequest> tokens = server.requests().stream()
                .filter(request -> request.path().equals("/token"))
                .toList();
        return tokens.get(index);
    }
}
