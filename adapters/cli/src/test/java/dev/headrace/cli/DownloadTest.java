package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.RangeFile;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

class DownloadTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    Path directory;

    @Test
    void savesTheFileAndSaysWhatWasDone() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE);
        Path target = directory.resolve("a.bin");

        try (TestServer server = file.start()) {
            Ran ran = Ran.headrace(
                    "download",
                    server.url() + "/a",
                    "-o",
                    target.toString(),
                    "--digest",
                    "sha256:" + file.sha256(),
                    "--expect-size",
                    String.valueOf(SIZE),
                    "--result-json");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(Files.readAllBytes(target)).isEqualTo(file.bytes(0, SIZE));
            assertThat(ran.lines()).hasSize(1);
            JsonNode result = Json.tree(ran.out().getBytes(StandardCharsets.UTF_8));
            assertThat(result.propertyNames())
                    .containsExactly(
                            "path",
                            "bytes",
                            "totalBytes",
                            "resumed",
                            "resumedFrom",
                            "restarts",
                            "requests",
                            "etag",
                            "digest");
            assertThat(result.get("bytes").asInt()).isEqualTo(SIZE);
            assertThat(result.get("resumed").asBoolean()).isFalse();
            assertThat(result.get("etag").asString()).isEqualTo(file.etag());
            assertThat(result.get("digest").asString()).isEqualTo("sha256:" + file.sha256());
        }
    }

    @Test
    void readsTheUrlFromItsFileForEachAttempt() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE);
        Path target = directory.resolve("a.bin");
        Path url = directory.resolve("url.txt");
        // Whoever signs writes the next URL before the old one is refused.
        Route signed = (request, response) -> request.uri().endsWith("=old")
                ? Mono.fromCallable(() ->
                                Files.writeString(url, Files.readString(url).replace("=old", "=new")))
                        .subscribeOn(Schedulers.boundedElastic())
                        .then(Mono.defer(() -> response.status(403).send().then()))
                : file.handle(request, response);

        try (TestServer server = signed.start()) {
            Files.writeString(url, server.url() + "/a?X-Amz-Signature=old\n");

            Ran ran = Ran.headrace("download", "@" + url, "-o", target.toString(), "--result-json");

            assertThat(ran.err()).isEmpty();
            assertThat(ran.exitCode()).isZero();
            assertThat(Files.readAllBytes(target)).isEqualTo(file.bytes(0, SIZE));
            assertThat(server.requests())
                    .extracting(request -> request.query("X-Amz-Signature").orElse(""))
                    .containsExactly("old", "new");
        }
    }

    @Test
    void saysWhichFileHasNoUrl() {
        Ran ran = Ran.headrace("download", "@" + directory.resolve("url.txt"));

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("The file of the URL cannot be read: ").contains("url.txt");
    }

    @Test
    void goesOnUnderAnIdentityWhateverTheUrl() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE).cutAfter(1_000_000).onRequest(1).once();
        Path target = directory.resolve("a.bin");

        try (TestServer server = file.start()) {
            String[] command = {"download", "-o", target.toString(), "--identity", "the file", "--retry", "0"};
            assertThat(Ran.and(command, server.url() + "/a").exitCode()).isEqualTo(1);

            Ran ran = Ran.and(command, server.url() + "/b");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).contains(" of them from an earlier run");
            assertThat(Files.readAllBytes(target)).isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void goesOnWhereAnInterruptedRunWas() throws Exception {
        RangeFile file =
                RangeFile.ofSize(SIZE).throttledTo(2_000_000).onRequest(1).once();
        Path target = directory.resolve("a.bin");
        Interruption interruption = new Interruption();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        try (TestServer server = file.start()) {
            CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> HeadraceCli.run(
                    new String[] {"download", server.url() + "/a", "-o", target.toString()},
                    new Shell(
                            new ByteArrayInputStream(new byte[0]),
                            new Stdout(new ByteArrayOutputStream()),
                            new PrintStream(err, true, StandardCharsets.UTF_8),
                            interruption)));
            Path part = directory.resolve("a.bin.part");
            Awaitility.await().until(() -> Files.exists(part) && Files.size(part) > 500_000);
            interruption.interrupt();

            assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(130);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("go on where it was")
                    .hasLineCount(1);
            Ran second = Ran.headrace("download", server.url() + "/a", "-o", target.toString(), "--result-json");
            assertThat(second.exitCode()).isZero();
            assertThat(Json.tree(second.out().getBytes(StandardCharsets.UTF_8))
                            .get("resumedFrom")
                            .asLong())
                    .isPositive();
            assertThat(Files.readAllBytes(target)).isEqualTo(file.bytes(0, SIZE));
        }
    }

    @Test
    void refusesAFileWithAnotherDigest() {
        Path target = directory.resolve("a.bin");

        try (TestServer server = RangeFile.ofSize(1_000).start()) {
            Ran ran = Ran.headrace(
                    "download", server.url() + "/a", "-o", target.toString(), "--digest", "sha256:" + "0".repeat(64));

            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.err()).contains("digest").hasLineCount(1);
            assertThat(target).doesNotExist();
        }
    }

    @Test
    void leavesAnExistingFileAloneUnlessToldToReplaceIt() throws IOException {
        Path target = Files.writeString(directory.resolve("a.bin"), "old");

        try (TestServer server = RangeFile.ofSize(1_000).start()) {
            String[] command = {"download", server.url() + "/a", "-o", target.toString()};
            Ran failed = Ran.headrace(command);

            assertThat(failed.exitCode()).isEqualTo(5);
            assertThat(failed.err()).contains("--on-existing replace or --on-existing skip");
            assertThat(Ran.and(command, "--on-existing", "skip").exitCode()).isZero();
            assertThat(target).hasContent("old");
            assertThat(Ran.and(command, "--on-existing", "replace").exitCode()).isZero();
            assertThat(target).hasSize(1_000);
        }
    }

    @Test
    void failsAsThisMachineWhenTheFileCannotBeWritten() throws IOException {
        Path noDirectory = Files.writeString(directory.resolve("file"), "");

        try (TestServer server = RangeFile.ofSize(1_000).start()) {
            Ran ran = Ran.headrace(
                    "download",
                    server.url() + "/a",
                    "-o",
                    noDirectory.resolve("a").toString());

            assertThat(ran.exitCode()).isEqualTo(5);
            assertThat(ran.err()).hasLineCount(1);
        }
    }

    @Test
    void loadsBySeveralConnectionsAtALimitedRateThatSurvivesAPowerCut() throws IOException {
        RangeFile file = RangeFile.ofSize(SIZE);
        Path target = directory.resolve("a.bin");

        try (TestServer server = file.start()) {
            Ran ran = Ran.headrace(
                    "download",
                    server.url() + "/a",
                    "-o",
                    target.toString(),
                    "--segments",
                    "2",
                    "--limit-rate",
                    "64m",
                    "--min-speed",
                    "1k/30s",
                    "--durability",
                    "power-loss",
                    "--retry-delay",
                    "10ms",
                    "--result-json");

            assertThat(ran.exitCode()).isZero();
            assertThat(Files.readAllBytes(target)).isEqualTo(file.bytes(0, SIZE));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void looksAtAnExistingFileWhenItHasADigest() throws IOException {
        RangeFile file = RangeFile.ofSize(1_000);
        Path target = Files.write(directory.resolve("a.bin"), file.bytes(0, 1_000));

        try (TestServer server = file.start()) {
            String[] command = {
                "download", server.url() + "/a", "-o", target.toString(), "--on-existing", "skip-if-digest-matches"
            };

            assertThat(Ran.and(command, "--digest", "sha256:" + file.sha256()).exitCode())
                    .isZero();
            assertThat(server.requests()).isEmpty();
            assertThat(Ran.headrace(command).exitCode()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"--segments, 0", "--segments, 33", "--limit-rate, 0", "--min-speed, 1k", "--durability, never"})
    void refusesSettingsThatMakeNoSense(String option, String value) {
        Ran ran = Ran.headrace("download", "http://localhost:1/a", option, value);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains(option);
    }

    @Test
    void goesOnOverAnotherConnectionWhenOneIsTooSlow() throws IOException {
        RangeFile file =
                RangeFile.ofSize(SIZE).stallAfter(1_000_000).onRequest(1).once();
        Path target = directory.resolve("a.bin");

        try (TestServer server = file.start()) {
            Ran ran = Ran.headrace(
                    "download",
                    server.url() + "/a",
                    "-o",
                    target.toString(),
                    "--min-speed",
                    "1k/200ms",
                    "--retry-delay",
                    "1ms");

            assertThat(ran.exitCode()).isZero();
            assertThat(Files.readAllBytes(target)).isEqualTo(file.bytes(0, SIZE));
            assertThat(server.requests()).hasSize(2);
        }
    }
}
