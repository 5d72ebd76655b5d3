package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.ChildJvm;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Another Java process reads by {@code headrace airbyte} and is killed (SIGKILL) at random moments, again and again; each goes on from the last
 * {@code STATE} of each stream that was written until then. What stands before these is all there is, once.
 */
class AirbyteCrashTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 50 : 3;
    private static final int REPOSITORIES = 6;
    private static final int ISSUES_EACH = 7;
    private static final List<String> STREAMS =
            List.of("repositories:full_refresh", "issues:incremental", "again:full_refresh");

    /** The command with its output in a file: {@code OUTPUT ARGS…}. */
    static final class Victim {
        public static void main(String[] args) throws IOException {
            int exitCode;
            try (OutputStream out = new FileOutputStream(args[0])) {
                String[] command = Arrays.copyOfRange(args, 1, args.length);
                exitCode = HeadraceCli.run(command, InputStream.nullInputStream(), out, System.err);
            }
            System.exit(exitCode);
        }
    }

    @TempDir
    private Path directory;

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private String spec(String url) throws IOException {
        String issues = """
                    request: {path: "/repos/{owner}/{repo}/issues", query: {sort: updated, per_page: 2}}
                    pagination: link
                    key: [repository, number]
                    parents: {stream: repositories, values: {owner: owner.login, repo: name}}
                """;
        return file("hub.yaml", """
                headrace: 1
                name: hub
                connector: {base_url: %s}
                streams:
                  repositories:
                    request: {path: /user/repos, query: {per_page: 2}}
                    pagination: link
                    key: full_name
                  issues:
                %s    cursor: {datetime: updated_at, starting_at: 2024-01-01T00:00:00Z, into: {query: since}}
                  again:
                %s""".formatted(url, issues, issues));
    }

    @Test
    void whatStandsBeforeTheStatesOfKilledReadingsIsWholeOnceOneHasEnded() throws Exception { // A6
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FakeRepositories api = FakeRepositories.of(REPOSITORIES, ISSUES_EACH)
                .delaying(Duration.ofMillis(3))
                .always();
        for (int round = 0; round < ROUNDS; round++) {
            Reading reading = new Reading();
            int kills = 1 + random.nextInt(2);
            try (TestServer server = api.start()) {
                String spec = spec(server.url());
                for (int kill = 0; kill < kills; kill++) {
                    Path output = directory.resolve("output");
                    Files.deleteIfExists(output);
                    ChildJvm.startAndKill(server, random, 1000, Victim.class, reading.command(output, spec));
                    reading.add(Files.exists(output) ? Files.readString(output) : "");
                }
                Ran last = Ran.headrace(reading.command(null, spec));
                assertThat(last.exitCode()).isZero();
                reading.add(last.out());
            }
            String what = "seed " + seed + ", round " + round + ", " + kills + " kills";
            assertThat(reading.rest).as(what).isEmpty();
            List<String> repositories = IntStream.rangeClosed(1, REPOSITORIES)
                    .mapToObj(repository -> "o/r" + repository)
                    .toList();
            assertThat(reading.names("issues")).as(what).containsExactlyInAnyOrderElementsOf(issues());
            allEquallyOften(what, reading.names("repositories"), repositories);
            allEquallyOften(what, reading.names("again"), issues());
        }
    }

    /** A full refresh that was killed when all was read, and before that was said, is read once more; but no part of one is. */
    private static void allEquallyOften(String what, List<String> read, List<String> expected) {
        Map<String, Long> counts = read.stream().collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        assertThat(counts.keySet()).as(what).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(new HashSet<>(counts.values())).as("%s, %s", what, counts).hasSize(1);
    }

    private static List<String> issues() {
        return IntStream.rangeClosed(1, REPOSITORIES)
                .boxed()
                .flatMap(repository ->
                        IntStream.rangeClosed(1, ISSUES_EACH).mapToObj(number -> "o/r" + repository + "/" + number))
                .toList();
    }

    /** What a platform does: it keeps states and what stands before them, and tries again what is not complete. */
    private final class Reading {

        private final List<String> rest = new ArrayList<>(STREAMS);
        private final Map<String, List<JsonNode>> committed = new LinkedHashMap<>();
        private ArrayNode states = JsonNodeFactory.instance.arrayNode();

        String[] command(@Nullable Path output, String spec) throws IOException {
            List<String> command = new ArrayList<>();
            if (output != null) {
                command.add(output.toString());
            }
            command.addAll(List.of("airbyte", spec, "read", "--config", file("config.json", "{}")));
            command.addAll(List.of("--catalog", file("catalog.json", AirbyteMessages.catalog(rest))));
            command.addAll(List.of("--state", file("state.json", states.toString())));
            return command.toArray(String[]::new);
        }

        void add(String output) {
            AirbyteMessages messages = AirbyteMessages.in(output);
            assertThat(messages.errors()).isEmpty();
            states = messages.states(states);
            for (String stream : STREAMS) {
                String name = stream.substring(0, stream.indexOf(':'));
                committed.computeIfAbsent(name, key -> new ArrayList<>()).addAll(messages.committed(name));
                if (messages.statuses(name).contains("COMPLETE")) {
                    rest.remove(stream);
                }
            }
        }

        List<String> names(String stream) {
            return committed.getOrDefault(stream, List.of()).stream()
                    .map(record -> record.path("full_name")
                            .stringValue(record.path("repository").stringValue("") + "/"
                                    + record.path("number").intValue(0)))
                    .toList();
        }
    }
}
