package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.CredentialsException;
import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What properties about credentials put on the wire. */
class AuthPropertiesTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestServer server = Route.fixed(200, "text/plain", "ok").start();

    @TempDir
    Path directory;

    private Path secret = Path.of("");

    @BeforeEach
    void writeSecret() throws IOException {
        secret = Files.writeString(directory.resolve("secret"), "from-file\n");
    }

    @AfterEach
    void close() {
        server.close();
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("Authorization", "Bearer given", new String[] {"bearer.token=given"}),
                Arguments.of("Authorization", "Bearer from-file", new String[] {"bearer.token-file=FILE"}),
                Arguments.of(
                        "Authorization", basic("me:given"), new String[] {"basic.user=me", "basic.password=given"}),
                Arguments.of("Authorization", basic("me:from-file"), new String[] {
                    "basic.user=me", "basic.password-file=FILE"
                }),
                Arguments.of("X-API-Key", "given", new String[] {"api-key.key=given"}),
                Arguments.of("X-API-Key", "from-file", new String[] {"api-key.key-file=FILE"}),
                Arguments.of("X-Own", "given", new String[] {"api-key.key=given", "api-key.header=X-Own"}),
                Arguments.of("X-Own", "from-file", new String[] {"api-key.key-file=FILE", "api-key.header=X-Own"}),
                Arguments.of("Cookie", "sid=given", new String[] {"api-key.key=given", "api-key.cookie=sid"}),
                Arguments.of("Cookie", "sid=from-file", new String[] {"api-key.key-file=FILE", "api-key.cookie=sid"}),
                Arguments.of("Authorization", "given", new String[] {"header.secret=given"}),
                Arguments.of("X-Own", "Token given", new String[] {
                    "header.secret=given", "header.name=X-Own", "header.prefix=Token"
                }),
                Arguments.of("X-Own", "from-file", new String[] {"header.secret-file=FILE", "header.name=X-Own"}));
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource
    void headers(String name, String value, String[] properties) {
        with(properties, connector -> assertThat(asked(connector).header(name)).contains(value));
    }

    @Test
    void keyInTheQuery() {
        with(
                new String[] {"api-key.key=given", "api-key.query=key"},
                connector -> assertThat(asked(connector).query("key")).contains("given"));
        with(
                new String[] {"api-key.key-file=FILE", "api-key.query=key"},
                connector -> assertThat(asked(connector).query("key")).contains("from-file"));
    }

    @Test
    void nothingWithoutProperties() {
        with(
                new String[0],
                connector ->
                        assertThat(asked(connector).header("Authorization")).isEmpty());
    }

    @Test
    void rotatedFileIsReadAnew() {
        with(new String[] {"bearer.token-file=FILE"}, connector -> {
            assertThat(asked(connector).header("Authorization")).contains("Bearer from-file");
            write("rotated");
            assertThat(asked(connector).header("Authorization")).contains("Bearer rotated");
        });
    }

    @Test
    void missingFileEndsTheCallNotTheStart() {
        with(
                new String[] {"bearer.token-file=FILE.none"},
                connector -> assertThatThrownBy(() -> asked(connector))
                        .isInstanceOf(CredentialsException.class)
                        .hasRootCauseInstanceOf(NoSuchFileException.class));
    }

    @Test
    void placeholderIsResolved() {
        Contexts.github(server.url(), "auth.bearer.token=${GITHUB_TOKEN}")
                .withPropertyValues("GITHUB_TOKEN=of-the-environment")
                .run(context -> assertThat(
                                asked(context.getBean(Connector.class)).header("Authorization"))
                        .contains("Bearer of-the-environment"));
    }

    private void with(String[] properties, Consumer<Connector> use) {
        Contexts.github(
                        server.url(),
                        Stream.of(properties)
                                .map(property -> "auth." + property.replace("FILE", secret.toString()))
                                .toArray(String[]::new))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    use.accept(context.getBean(Connector.class));
                });
    }

    private RecordedRequest asked(Connector connector) {
        var unused = connector.exchange(Request.get("/")).block(SOON);
        return server.requests().get(server.requests().size() - 1);
    }

    private void write(String value) {
        try {
            Files.writeString(secret, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
