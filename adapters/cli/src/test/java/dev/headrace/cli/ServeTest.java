package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Integration;
import dev.headrace.json.Json;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.publisher.PublisherProbe;

/** {@code acme serve} and {@code headrace serve}: M35. */
class ServeTest {

    private static final Pattern LINE = Pattern.compile(
            "(?<warning>\\S+: warning: .*\n)?(?<id>\\S+): serving at (?<uri>http://127\\.0\\.0\\.1:\\d+)(?: with the token (?<token>\\S+))?\n");

    @TempDir
    private Path directory;

    /** A command that serves, on a thread of its own. */
    private static final class Serving implements AutoCloseable {

        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Interruption interruption = new Interruption();
        private final CompletableFuture<Integer> run;

        Serving(ToIntFunction<Shell> command) {
            Shell shell = new Shell(
                    new ByteArrayInputStream(new byte[0]),
                    new Stdout(OutputStream.nullOutputStream()),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    interruption);
            // On a thread of its own: where there are two cores, the common pool has one.
            run = CompletableFuture.supplyAsync(() -> command.applyAsInt(shell), task -> new Thread(task).start());
            Awaitility.await().until(() -> run.isDone() || LINE.matcher(said()).matches());
        }

        String said() {
            return err.toString(StandardCharsets.UTF_8);
        }

        String part(String name) {
            Matcher line = LINE.matcher(said());
            assertThat(line.matches()).as(said()).isTrue();
            String part = line.group(name);
            return part == null ? "" : part;
        }

        HttpResponse<String> post(String path, String body, String token) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(part("uri") + path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        int exitCode() throws Exception {
            interruption.interrupt();
            return run.get(15, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            interruption.interrupt();
            run.join();
        }
    }

    private static Serving acme(String... args) {
        String[] command = Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(args))
                .toArray(String[]::new);
        return new Serving(shell -> HeadraceCli.run(Acme.at("http://localhost:1"), command, shell));
    }

    private static Serving headrace(Path file, String... args) {
        String[] command = Stream.concat(Stream.of("serve", file.toString(), "--port", "0"), Stream.of(args))
                .toArray(String[]::new);
        return new Serving(shell -> HeadraceCli.run(command, shell));
    }

    @Test
    void servesUntilItIsInterruptedAndSaysWhereAndWithWhichToken() throws Exception {
        String document = "{\"request\":{\"text\":\"a\"},\"auth\":" + Acme.AUTH + ",\"settings\":{\"max_items\":7}}";
        try (Serving serving = acme()) {
            String token = serving.part("token");
            assertThat(token).hasSizeGreaterThan(20);

            HttpResponse<String> answer = serving.post("/echo-text", document, token);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo(Acme.at("http://localhost:1")
                            .dispatch("echo_text", document)
                            .block());
            assertThat(serving.post("/echo_text", document, "").statusCode()).isEqualTo(401);

            assertThat(serving.exitCode()).isZero();
            assertThat(serving.said()).hasLineCount(1);
        }
    }

    @Test
    void showsNoTokenThatCallersKnow() throws Exception {
        try (Serving serving = acme("--token-env", "HEADRACE_TEST_SECRET")) {
            assertThat(serving.part("token")).isEmpty();
            assertThat(serving.post("/info", "{}", Acme.SECRET).statusCode()).isNotEqualTo(401);
            assertThat(serving.post("/echo_text", "{}", "another").statusCode()).isEqualTo(401);
            assertThat(serving.said()).doesNotContain(Acme.SECRET);
        }
    }

    @Test
    void letsEverybodyInIfThatIsSaid() throws Exception {
        try (Serving serving = acme("--unprotected")) {
            assertThat(serving.part("token")).isEmpty();
            assertThat(serving.post("/echo_text", "{}", "").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void warnsIfOthersThanThisMachineAreLetIn() throws Exception {
        try (Serving serving = acme("--unprotected", "--host", "0.0.0.0")) {
            assertThat(serving.part("warning"))
                    .startsWith("acme: warning: with --unprotected on 0.0.0.0 whoever reaches the port may use it");
        }
        try (Serving serving = acme("--unprotected", "--host", "localhost")) {
            assertThat(serving.part("warning")).isEmpty();
        }
        try (Serving serving = acme("--host", "0.0.0.0")) {
            assertThat(serving.part("warning")).isEmpty();
        }
    }

    @Test
    void givesCallsEightSecondsToEndUnlessToldOtherwise() throws Exception {
        try (Serving serving = acme()) {
            // Three more to let go of connections.
            assertThat(serving.interruption.patience()).isEqualTo(Duration.ofSeconds(8 + 3));
        }

        PublisherProbe<CapabilityResponse<Acme.Nothing>> waiting = PublisherProbe.of(Mono.never());
        Integration acme = Acme.at("http://localhost:1", waiting);
        String[] command = {"serve", "--port", "0", "--unprotected", "--grace", "0s"};
        try (Serving serving = new Serving(shell -> HeadraceCli.run(acme, command, shell))) {
            CompletableFuture<?> call = CompletableFuture.runAsync(() -> {
                try {
                    serving.post("/wait_for_it", "{\"auth\":" + Acme.AUTH + ",\"settings\":{\"max_items\":7}}", "");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Awaitility.await().until(waiting::wasSubscribed);
            long began = System.nanoTime();

            assertThat(serving.exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(7));
            waiting.assertWasCancelled();
            assertThat(call).failsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void servesTheStreamsOfASpec() throws Exception {
        try (TestServer server = FakeRepositories.of(1, 3).start()) {
            Path spec = Files.writeString(directory.resolve("hub.yaml"), """
                    headrace: 1
                    name: hub
                    connector: {base_url: %s}
                    streams:
                      issues: {request: {path: /repos/o/r1/issues}, pagination: link}
                    """.formatted(server.url()));

            try (Serving serving = headrace(spec, "--unprotected")) {
                assertThat(serving.part("id")).isEqualTo("hub");
                HttpResponse<String> lines = serving.post("/read", "{}", "");
                assertThat(lines.statusCode()).isEqualTo(200);
                assertThat(lines.body()
                                .lines()
                                .map(Json::tree)
                                .filter(line -> line.path("type").asString("").equals("record")))
                        .as(lines.body())
                        .hasSize(3);
            }
        }
    }

    @Test
    void servesTheIntegrationOfAJar() throws Exception {
        try (Serving serving = headrace(jar("one.jar", "One"), "--unprotected")) {
            assertThat(serving.part("id")).isEqualTo("one");
            HttpResponse<String> answer = serving.post("/do_nothing", "{}", "");
            assertThat(answer.body())
                    .isEqualTo("{\"response\":{\"done\":true},\"raw_data\":null,\"page\":null,\"error\":null}");
        }
    }

    @Test
    void saysWhatIsWrongInOneLine() throws Exception {
        Path spec = Files.writeString(directory.resolve("wrong.yaml"), "headrace: 1\n");
        Path noJar = Files.writeString(directory.resolve("no.jar"), "nothing");
        Path missing = directory.resolve("services.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(missing))) {
            service(out, List.of("NotThere"));
        }

        refused(3, "names no integration", jar("none.jar").toString());
        refused(3, "names 2 integrations", jar("two.jar", "One", "Two").toString());
        refused(3, "cannot be made", missing.toString());
        refused(3, "names no integration", noJar.toString());
        refused(3, "does not exist", directory.resolve("other.jar").toString());
        refused(3, "does not exist", directory.resolve("other.yaml").toString());
        refused(3, "wrong.yaml", spec.toString());
        refused(2, "exclude each other", spec.toString(), "--unprotected", "--token-env", "X");
        refused(2, "SPEC|JAR");
        Path one = jar("one.jar", "One");
        refused(2, "port", one.toString(), "--port", "70000");
        refused(2, "--grace", one.toString(), "--grace", "8");
        refused(3, "--token-env names", one.toString(), "--token-env", "N_" + Acme.SECRET);
        try (ServerSocket taken = new ServerSocket(0)) {
            refused(5, "port", one.toString(), "--host", "0.0.0.0", "--port", String.valueOf(taken.getLocalPort()));
        }
    }

    private static void refused(int exitCode, String problem, String... args) {
        Ran ran = Ran.and(new String[] {"serve"}, args);

        assertThat(ran.err())
                .startsWith("headrace: ")
                .contains(problem)
                .doesNotContain(Acme.SECRET)
                .hasLineCount(1);
        assertThat(ran.exitCode()).isEqualTo(exitCode);
    }

    /** A jar with providers of these names, in no package. */
    private Path jar(String name, String... providers) throws IOException {
        Path classes = Files.createDirectories(directory.resolve(name + "-classes"));
        for (String provider : providers) {
            Path source = Files.writeString(
                    classes.resolve(provider + ".java"), """
                    import dev.headrace.capability.*;
                    import reactor.core.publisher.Mono;
                    public final class %1$s implements IntegrationProvider {
                        public record Nothing() {}
                        public record Done(boolean done) {}
                        public Integration integration() {
                            return Integration.builder("%2$s")
                                    .capability("do_nothing", Nothing.class, Done.class, (request, context) ->
                                            Mono.just(CapabilityResponse.of(new Done(true))))
                                    .build();
                        }
                    }
                    """.formatted(provider, provider.toLowerCase(Locale.ROOT)));
            int compiled = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            OutputStream.nullOutputStream(),
                            OutputStream.nullOutputStream(),
                            "-proc:none",
                            "-parameters",
                            "-classpath",
                            System.getProperty("java.class.path"),
                            source.toString());
            assertThat(compiled).isZero();
        }
        Path jar = directory.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.list(classes)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                out.putNextEntry(new JarEntry(file.getFileName().toString()));
                Files.copy(file, out);
            }
            service(out, List.of(providers));
        }
        return jar;
    }

    private static void service(JarOutputStream out, List<String> providers) throws IOException {
        out.putNextEntry(new JarEntry("META-INF/services/dev.headrace.capability.IntegrationProvider"));
        out.write(String.join("\n", providers).getBytes(StandardCharsets.UTF_8));
    }
}
