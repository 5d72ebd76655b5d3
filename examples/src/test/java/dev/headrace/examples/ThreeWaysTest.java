package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.Integration;
import dev.headrace.cli.HeadraceCli;
import dev.headrace.connector.Connector;
import dev.headrace.server.CapabilityServer;
import dev.headrace.server.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One integration gives the same JSON as a library, as a command and over HTTP. */
class ThreeWaysTest {

    private final MockDirectory directory = MockDirectory.start();
    private final Connector connector = Connector.builder(directory.url()).build();
    private final Integration mock = MockConnector.integration(connector);

    @SuppressWarnings("NullAway.Init") // made before each test
    private RunningServer server;

    @BeforeEach
    void serve() {
        server = Objects.requireNonNull(
                CapabilityServer.of(mock).port(0).unprotected().start().block());
    }

    @AfterEach
    void close() {
        server.close();
        connector.close();
        directory.close();
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "list_accounts; {'request':{'status':'active'},'auth':{'username':'ada','password':'engine-no-1'},'page':{'size':3}}; 0",
                "list_accounts; {'auth':{'username':'ada','password':'engine-no-1'},'page':{'token':'20'},'include_raw_data':true}; 0",
                "validate_credentials; {'auth':{'username':'ada','password':'wrong-one'}}; 3",
                "list_accounts; {'request':{'status':'none'},'auth':{'username':'ada','password':'engine-no-1'}}; 3",
                "list_accounts; {'auth':{'username':'ada'}}; 2",
                "info; {'a': 1}; 0",
            })
    void givesTheSameJson(String capability, String quoted, int exitCode)
            throws IOException, InterruptedException { // M1
        String document = quoted.replace('\'', '"');

        String fromLibrary = mock.dispatch(capability, document).block();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = HeadraceCli.run(
                mock,
                new String[] {capability, "--json", document},
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        String fromCommand = out.toString(StandardCharsets.UTF_8).strip();
        String fromServer = fromServer(capability, document);

        assertThat(fromServer).isEqualTo(fromLibrary);
        assertThat(fromCommand).isEqualTo(fromLibrary);
        assertThat(code).isEqualTo(exitCode);
    }

    @Test
    void saysTheSameOfWhatIsNotThere() throws IOException, InterruptedException { // M7
        assertThat(fromServer("deactivate_account", "{}"))
                .isEqualTo(mock.dispatch("deactivate_account", "{}").block())
                .contains("mock-connector.not_implemented");
    }

    private String fromServer(String capability, String document) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + "/" + capability));
        return HttpClient.newHttpClient()
                .send(
                        capability.equals("info")
                                ? request.build()
                                : request.header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(document))
                                        .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
