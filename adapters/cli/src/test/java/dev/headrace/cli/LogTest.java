package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.FakePages;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says on standard error besides its own lines. It needs a process, for a log goes to the one of its process. */
class LogTest {

    private static final String CALLER = "\"auth\":" + Acme.AUTH + ",\"settings\":{\"max_items\":7}";

    @TempDir
    private Path directory;

    /** An integration as people make it. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            HeadraceCli.run(Acme.at("http://localhost:1"), args);
        }
    }

    private Ran run(Class<?> program, String... args) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = Stream.concat(
                        Stream.of(java, "-cp", System.getProperty("java.class.path"), program.getName()),
                        Stream.of(args))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static Stream<String> logged(Ran ran) {
        return ran.err().lines().filter(line -> line.matches(".*\\b(WARN|ERROR)\\b.*"));
    }

    @Test
    void saysWhereAnUnforeseenFailureCameFrom() throws Exception {
        Ran ran = run(Program.class, "fail", "--json", "{\"request\":{\"how\":\"unforeseen\"}," + CALLER + "}");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.lines()).hasSize(1);
        assertThat(Json.tree(ran.out()).at("/error/message").asString()).endsWith("finds more in its log");
        assertThat(logged(ran))
                .singleElement()
                .asString()
                .startsWith("WARN Integration - acme:fail failed with an unforeseen java.lang.IllegalStateException at "
                        + Acme.class.getName());
        assertThat(ran.err()).doesNotContain(Acme.SECRET);
    }

    @Test
    void saysWhichPageIsTheLastIfAskedTo() throws Exception {
        try (TestServer server = FakePages.of("/items", List.of("1", "2", "3"))
                .pageSize(2)
                .itemsAt("/data")
                .cursor("after", "/next")
                .start()) {
            String url = server.url() + "/items";

            Ran ran = run(HeadraceCli.class, "records", url, "--items", "/data", "--page", "cursor:/nxt:after", "-v");

            assertThat(ran.lines()).hasSize(2);
            assertThat(ran.err()).contains("page 1 is the last, with 2 items; it has nothing at [/nxt]");
            assertThat(run(HeadraceCli.class, "records", url, "--items", "/data")
                            .err())
                    .doesNotContain("is the last");
        }
    }

    @Test
    void logsNothingOfAFailureThatTheCommandSaysItself() throws Exception {
        Ran refused = run(Program.class, "list_issues", "--json", "{" + CALLER + "}");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("acme: ");
        assertThat(logged(refused)).isEmpty();

        Ran insecure = run(HeadraceCli.class, "fetch", "https://localhost:1/", "--insecure", "--retry", "0");
        assertThat(insecure.err()).containsOnlyOnce("can read and change what is sent");
        assertThat(logged(insecure)).isEmpty();
    }
}
