package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.json.Json;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.publisher.PublisherProbe;
import tools.jackson.databind.JsonNode;

/** The command that an integration is: its capabilities. M1, M3. */
class IntegrationCliTest {

    private static final String NOWHERE = "http://localhost:1";
    private static final String CALLER = "\"auth\":" + Acme.AUTH + ",\"settings\":{\"max_items\":7}";

    @TempDir
    private Path directory;

    private static String document(String request) {
        return "{\"request\":" + request + "," + CALLER + "}";
    }

    private static String dispatched(Integration integration, String capability, String json) {
        return integration.dispatch(capability, json).block() + "\n";
    }

    private static JsonNode envelope(Ran ran) {
        assertThat(ran.lines()).hasSize(1);
        return Json.tree(ran.out());
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void writesTheBytesThatDispatchGives() { // M3
        Integration acme = Acme.at(NOWHERE);
        String json = document("{\"text\":\"grüße\\n\",\"number\":1.10}");

        Ran ran = Ran.of(acme, "", "echo_text", "--json", json);

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEqualTo(dispatched(acme, "echo_text", json)).contains("grüße", "1.10");
    }

    @Test
    void writesWhatTheRemoteSaidOfARefusalAsAnEnvelopeToo() {
        try (TestServer server =
                Route.fixed(403, "application/json", "{\"message\":\"no\"}").start()) {
            Integration acme = Acme.at(server.url());

            Ran ran = Ran.of(acme, "", "list_issues", "--json", document("{}"));

            assertThat(ran.exitCode()).isEqualTo(3);
            assertThat(ran.out()).isEqualTo(dispatched(acme, "list_issues", document("{}")));
            assertThat(envelope(ran).at("/error/error_code").asString()).isEqualTo("acme.permission_denied");
            assertThat(ran.err()).startsWith("acme: ").contains("403").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSIENT, 1",
        "PERMANENT, 1",
        "CONFIGURATION, 3",
        "UNTRUSTED_DATA, 4",
        "LOCAL, 5",
        "refused, 2",
        "unforeseen, 1"
    })
    void endsWithTheCodeOfTheErrorsKind(String how, int exitCode) {
        Ran ran = Ran.of(Acme.at(NOWHERE), "", "fail", "--json", document("{\"how\":\"" + how + "\"}"));

        assertThat(ran.exitCode()).isEqualTo(exitCode);
        assertThat(envelope(ran).path("error").isObject()).isTrue();
        assertThat(ran.err())
                .startsWith("acme: " + envelope(ran).at("/error/message").asString())
                .doesNotContain(Acme.SECRET)
                .hasLineCount(1);
    }

    @Test
    void aRemoteThatCallsItABadRequestIsNoWrongUsage() {
        try (TestServer server = Route.fixed(400, "text/plain", "no").start()) {
            Ran ran = Ran.of(Acme.at(server.url()), "", "list_issues", "--json", document("{}"));

            assertThat(envelope(ran).at("/error/error_code").asString()).isEqualTo("acme.bad_request");
            assertThat(ran.exitCode()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"page\":7}", "{\"settings\":{}}"})
    void aDocumentThatMakesNoSenseIsWrongUsageWithAnEnvelope(String json) {
        Integration acme = Acme.at(NOWHERE);

        Ran ran = Ran.of(acme, "", "echo-text", "--json", json);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEqualTo(dispatched(acme, "echo_text", json));
        assertThat(envelope(ran).at("/error/error_code").asString()).isEqualTo("acme.bad_request");
        assertThat(ran.err())
                .startsWith("acme: ")
                .endsWith("see acme echo_text --help\n")
                .hasLineCount(1);
    }

    @Test
    void takesTheDocumentFromAFileOrStandardInput() throws IOException {
        Integration acme = Acme.at(NOWHERE);
        String json = document("{\"text\":\"grüße\"}");
        String expected = dispatched(acme, "echo_text", json);
        String file = file("document.json", json).toString();

        assertThat(Ran.of(acme, "", "echo_text", "--json-file", file).out()).isEqualTo(expected);
        assertThat(Ran.of(acme, json, "echo_text", "-").out()).isEqualTo(expected);
        // Dashes, as commands are often written.
        assertThat(Ran.of(acme, json, "echo-text", "-").out()).isEqualTo(expected);
    }

    @Test
    void aBlankStandardInputIsNoDocument() {
        assertThat(Ran.of(Acme.at(NOWHERE), "\n", "echo_text", "-").out()).contains("no document");
    }

    @Test
    void readsStandardInputOnlyIfItIsAskedTo() {
        InputStream standing = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("is read");
            }

            @Override
            public int read(byte[] into, int from, int most) {
                return read();
            }
        };
        Integration acme = Acme.at(NOWHERE);

        for (String[] command : new String[][] {{"echo_text"}, {"echo_text", "--json", "{}"}, {"info"}, {"openapi"}}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Shell shell = new Shell(
                    standing,
                    new Stdout(out),
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                    new Interruption());

            int ignored = HeadraceCli.run(acme, command, shell);

            assertThat(out.toString(StandardCharsets.UTF_8))
                    .isEqualTo(
                            command[0].equals("openapi")
                                    ? Json.writeText(acme.openApi()) + "\n"
                                    : dispatched(acme, command[0], "{}"));
        }
    }

    @Test
    void putsTogetherWhatOptionsGive() throws IOException {
        Integration acme = Acme.at(NOWHERE);
        String auth = file("auth.json", Acme.AUTH).toString();
        String settings = file("settings.json", "{\"max_items\":9}").toString();
        String[] options = {"--settings-file", settings, "--page-token", "t2", "--page-size", "5", "--include-raw"};

        Ran ran = Ran.of(acme, "{\"request\":{\"text\":\"a\"}}", command(options, "-", "--auth-file", auth));

        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .isEqualTo(
                        dispatched(
                                acme,
                                "echo_text",
                                "{\"request\":{\"text\":\"a\"},\"auth\":" + Acme.AUTH
                                        + ",\"settings\":{\"max_items\":9},\"page\":{\"token\":\"t2\",\"size\":5},\"include_raw_data\":true}"));
        assertThat(envelope(ran).at("/response/maxItems").asInt()).isEqualTo(9);
        assertThat(envelope(ran).at("/page/token").asString()).isEqualTo("t2");
        assertThat(envelope(ran).path("raw_data").isNull()).isFalse();

        Ran byVariable = Ran.of(
                acme, "{\"request\":{\"text\":\"a\"}}", command(options, "-", "--auth-env", "HEADRACE_TEST_AUTH"));
        assertThat(byVariable.out()).isEqualTo(ran.out());
    }

    private static String[] command(String[] options, String... more) {
        String[] all = new String[1 + options.length + more.length];
        all[0] = "echo_text";
        System.arraycopy(options, 0, all, 1, options.length);
        System.arraycopy(more, 0, all, 1 + options.length, more.length);
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"auth\":{}}                  | --auth-env HEADRACE_TEST_AUTH | auth",
                "{\"credentials\":[]}           | --auth-env HEADRACE_TEST_AUTH | credentials",
                "{\"include_raw_data\":false}   | --include-raw                 | include_raw_data",
                "{\"page\":{\"token\":\"a\"}}   | --page-token b                | token",
                "{\"page\":{\"size\":1}}        | --page-size 2                 | size"
            })
    void refusesAnOptionForWhatTheDocumentHasAlready(String json, String options, String member) {
        Ran ran = Ran.of(Acme.at(NOWHERE), json, ("echo_text - " + options).split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("acme: The document has '" + member + "' already, which --")
                .hasLineCount(1);
    }

    @Test
    void refusesWrongUsageInOneLine() throws IOException {
        Integration acme = Acme.at(NOWHERE);
        String file = file("document.json", "{}").toString();
        String broken = file("broken.json", "{\"password\": " + Acme.SECRET).toString();

        refused(acme, 2, "did you mean echo_text?", "eco_text");
        refused(acme, 2, "No command", new String[0]);
        refused(acme, 2, "give one of them", "echo_text", "--json", "{}", "--json-file", file);
        refused(acme, 2, "an argument is no option", "echo_text", "extra");
        refused(acme, 2, "--json-file names what cannot be read", "echo_text", "--json-file", directory + "/none");
        refused(acme, 2, "--page-size", "echo_text", "--page-size", "many");
        refused(
                acme,
                2,
                "--auth-env and --auth-file",
                "echo_text",
                "--auth-env",
                "HEADRACE_TEST_AUTH",
                "--auth-file",
                file);
        refused(
                acme,
                3,
                "--auth-env names an environment variable that is not set",
                "echo_text",
                "--auth-env",
                "N_" + Acme.SECRET);
        refused(acme, 3, "of --auth-env is no JSON", "echo_text", "--auth-env", "HEADRACE_TEST_SECRET");
        refused(acme, 3, "is no JSON", "echo_text", "--auth-file", broken);
        refused(acme, 5, "check --settings-file", "echo_text", "--settings-file", directory + "/none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo_text %s                  | an argument is no option; give the document with --json",
                "echo_text - %s                | an argument is no option; see",
                "echo_text %s %s               | an argument is no option; see",
                "echo_text --auth %s           | Unknown option: '--auth'; did you mean --auth-env?; see",
                "echo_text --auth=%s           | Unknown option: '--auth'; did you mean --auth-env?; see",
                "echo_text --auth%s -p%s       | Unknown options: '--auth', '-p'; did you mean --auth-env?; see",
                "echo_text --include-raw=%s    | --include-raw",
                "echo_text --page-size %s      | --page-size",
                "echo_text --json-file %s      | --json-file takes the name of a file, but was given JSON; see",
                "echo_text --auth-file %s      | --auth-file takes the name of a file, but was given JSON; see",
                "echo_text --settings-file %s  | --settings-file takes the name of a file, but was given JSON; see",
                "info %s                       | an argument is no option; see",
                "serve --port %s               | --port",
                "read %s                       | an argument is JSON and names no stream; give the configuration",
                "read --stream %s              | an argument is JSON and names no stream; give the configuration",
                "check --config %s             | --config takes the name of a file, but was given JSON; see",
                "check %s                      | an argument is no option; see",
                "%s                            | There is no such command; see"
            })
    void repeatsNoArgumentThatMayBeADocument(String command, String problem) {
        refused(Acme.at(NOWHERE), 2, problem, command.replace("%s", Acme.AUTH).split(" "));
    }

    @Test
    void speaksOfSettingsAsTheIntegrationDoes() {
        Integration own = Integration.builder("own")
                .capability(
                        "count",
                        Acme.Nothing.class,
                        Acme.Nothing.class,
                        (request, context) -> Mono.error(
                                CapabilityException.of(ErrorCode.BAD_REQUEST, "window must be at most a day")))
                .build();

        assertThat(Ran.of(own, "", "count").err())
                .isEqualTo("own: window must be at most a day; see own count --help\n");
    }

    private static void refused(Integration acme, int exitCode, String problem, String... args) {
        Ran ran = Ran.of(acme, "", args);

        assertThat(ran.err())
                .startsWith("acme: ")
                .contains(problem)
                .doesNotContain(Acme.SECRET)
                .hasLineCount(1);
        assertThat(ran.exitCode()).isEqualTo(exitCode);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void saysInItsHelpWhatItCanDo() {
        Integration acme = Acme.at(NOWHERE);

        Ran all = Ran.of(acme, "", "--help");
        assertThat(all.exitCode()).isZero();
        assertThat(all.out())
                .startsWith("Usage: acme ")
                .contains("Acme CRM.", "Everything 100% about accounts.", "echo_text, echo-text", "Echo a text.")
                .contains("list_issues", "info", "openapi", "read", "check", "discover");

        Ran one = Ran.of(acme, "", "echo-text", "--help");
        assertThat(one.exitCode()).isZero();
        assertThat(one.out())
                .startsWith("Usage: acme echo_text ")
                .contains("Gives back 100% of ${what} it", "bold got", "--auth-env", "The request:", "number");

        assertThat(Ran.of(acme, "", "--version").out()).isEqualTo("acme 1.4.0\n");
        assertThat(Ran.of(acme, "", "echo_text", "--version").out()).isEqualTo("acme 1.4.0\n");
    }

    @Test
    void tellsWhatItIsWhateverItIsAsked() { // M3
        Integration acme = Acme.at(NOWHERE);

        Ran ran = Ran.of(acme, "", "info", "--json", "{\"a\": 1}");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).isEqualTo(dispatched(acme, "info", "{\"a\": 1}"));
        assertThat(Ran.of(acme, "", "openapi").out()).isEqualTo(Json.writeText(acme.openApi()) + "\n");
    }

    @Test
    void hasNoCommandsForStreamsThatAreNotThere() {
        Integration still = Integration.builder("still")
                .capability("do_nothing", Acme.Nothing.class, Acme.Nothing.class, (request, context) -> Mono.never())
                .build();

        assertThat(Ran.of(still, "", "read").exitCode()).isEqualTo(2);
        assertThat(Ran.of(still, "", "--help").out()).doesNotContain("discover");
        assertThat(Ran.of(still, "", "--version").out()).isEqualTo("still (no version)\n");
    }

    @Test
    void writesAnEnvelopeThoughTheIntegrationHandlesNoErrors() {
        try (Connector api = Connector.builder(NOWHERE).build()) {
            Integration acme = Acme.builder(api).handleErrors(false).build();

            Ran ran = Ran.of(acme, "", "fail", "--json", document("{\"how\":\"LOCAL\"}"));

            assertThat(ran.exitCode()).isEqualTo(5);
            assertThat(envelope(ran).at("/error/kind").asString()).isEqualTo("local");
        }
    }

    @Test
    void showsWhatGoesOverTheWireAndHowAFailureCameAboutWithoutSecrets() {
        try (TestServer server = FakeRepositories.of(1, 1).start()) {
            Integration acme = Acme.at(server.url());

            Ran listed = Ran.of(acme, "", "list_issues", "-v", "--json", document("{}"));
            assertThat(listed.exitCode()).isZero();
            assertThat(listed.err())
                    .contains("> GET " + server.url() + "/repos/o/r1/issues", "< 200 after ")
                    .doesNotContain(Acme.SECRET);

            Ran failed = Ran.of(acme, "", "fail", "-v", "--json", document("{\"how\":\"unforeseen\"}"));
            assertThat(failed.err())
                    .contains("java.lang.IllegalStateException: about •••", "\tat ")
                    .doesNotContain(Acme.SECRET);
            assertThat(failed.err().lines().reduce((one, next) -> next))
                    .hasValueSatisfying(last -> assertThat(last).startsWith("acme: "));
        }
    }

    @Test
    void cancelsWhatTheCapabilityDoesWhenInterrupted() throws Exception {
        PublisherProbe<dev.headrace.capability.CapabilityResponse<Acme.Nothing>> probe =
                PublisherProbe.of(Mono.never());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Interruption interruption = new Interruption();
        Shell shell = new Shell(
                new ByteArrayInputStream(new byte[0]),
                new Stdout(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interruption);

        CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> HeadraceCli.run(
                Acme.at(NOWHERE, probe), new String[] {"wait_for_it", "--json", document("{}")}, shell));
        Awaitility.await().until(probe::wasSubscribed);
        interruption.interrupt();

        assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(130);
        probe.assertWasCancelled();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("acme: interrupted\n");
    }
}
