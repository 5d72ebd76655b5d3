package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.EventFeed;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VerboseTest {

    private static final String SECRET = "s3cr3t-value";

    @Test
    void showsWhatIsSentAndReceivedWithoutSecrets() {
        String body = "{\"access_token\":\"" + SECRET + "\",\"user\":\"ada\"}";

        try (TestServer server = Route.fixed(200, "application/json", body).start()) {
            Ran ran = Ran.headrace(
                    "fetch",
                    server.url() + "/x?api_key=" + SECRET,
                    "-v",
                    "--bearer-env",
                    "HEADRACE_TEST_SECRET",
                    "-d",
                    "{\"password\":\"" + SECRET + "\"}",
                    "--json");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out()).isEqualTo(body);
            assertThat(ran.err())
                    .contains("> POST " + server.url() + "/x?api_key=•••")
                    .contains("> Authorization: •••")
                    .contains("{\"password\":\"•••\"}")
                    .contains("< 200 after ")
                    .contains("\"user\":\"ada\"")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void worksForStreamsToo() {
        try (TestServer server = EventFeed.of(2).start()) {
            Ran ran = Ran.headrace("events", server.url(), "--verbose", "--no-reconnect");

            assertThat(ran.lines()).hasSize(2);
            assertThat(ran.err()).contains("> GET " + server.url()).contains("< 200 after ");
        }
    }

    @Test
    void showsHowAFailureCameAboutAndEndsWithItsLine() {
        int port;
        try (TestServer server = TestServer.builder().start()) {
            port = server.port();
        }
        String[] command = {"fetch", "http://127.0.0.1:" + port + "/?token=" + SECRET, "--retry", "0"};

        assertThat(Ran.headrace(command).err()).hasLineCount(1);
        Ran ran = Ran.and(command, "-v");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains("dev.headrace.http.TransportException: GET ")
                .contains("\tat dev.headrace.")
                .contains("Caused by: ")
                .contains("More about this: docs/troubleshooting.md#transportexception")
                .doesNotContain(SECRET);
        assertThat(ran.err().lines().reduce((first, second) -> second))
                .hasValueSatisfying(last -> assertThat(last).startsWith("headrace: GET "));
    }

    @Test
    void takesSecretsOutOfTheMessagesOfCauses() {
        IllegalStateException cause = new IllegalStateException("no login with password=" + SECRET + "\nat all");
        IllegalArgumentException failure = new IllegalArgumentException("outer", cause);
        cause.initCause(failure);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        StackTrace.print(failure, new PrintStream(out, true, StandardCharsets.UTF_8)::println);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("java.lang.IllegalArgumentException: outer\n")
                .containsOnlyOnce("Caused by: java.lang.IllegalStateException: no login with password=•••")
                .doesNotContain(SECRET);
    }
}
