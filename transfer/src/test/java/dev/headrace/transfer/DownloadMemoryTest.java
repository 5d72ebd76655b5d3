package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Request;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Another Java process downloads in little memory: a heap of 64 MiB, and as much outside of it. */
class DownloadMemoryTest {

    private static final boolean SOAK = Boolean.getBoolean("headrace.soak");

    @TempDir
    private Path directory;

    /** What the process does: {@code URL DIRECTORY FILES}. */
    static final class Victim {
        public static void main(String[] args) {
            int files = Integer.parseInt(args[2]);
            try (Connector connector = Connector.builder(args[0])
                    .pool(PoolSettings.defaults().maxConnections(files))
                    .build()) {
                Long bytes = Flux.range(0, files)
                        .flatMap(
                                i -> Download.from(connector, Request.get("/file"))
                                        .to(Path.of(args[1], "file" + i))
                                        .result(),
                                files)
                        .map(Downloaded::bytes)
                        .reduce(0L, Long::sum)
                        .block(Duration.ofMinutes(5));
                System.out.println("bytes " + bytes);
            }
        }
    }

    @Test
    void loadsAFileThatIsManyTimesLargerThanItsMemory() throws Exception {
        long size = SOAK ? 1L << 30 : 128L << 20;
        try (TestServer server =
                TestServer.builder().route("/file", RangeFile.ofSize(size)).start()) {
            assertThat(outputOf(server, 1)).contains("bytes " + size);
            assertThat(directory.resolve("file0")).hasSize(size);
        }
    }

    @Test
    void loadsTwoHundredFilesAtOnceWithinTheBudget() throws Exception { // 52
        long size = SOAK ? 4L << 20 : 300_000;
        RangeFile file = RangeFile.ofSize(size);
        try (TestServer server = TestServer.builder().route("/file", file).start()) {
            assertThat(outputOf(server, 200)).contains("bytes " + 200 * size);
        }
        byte[] expected = file.bytes(0, size);
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(200).allSatisfy(one -> assertThat(one).hasBinaryContent(expected));
        }
    }

    private String outputOf(TestServer server, int files) throws IOException, InterruptedException {
        Path output = Files.createTempFile("headrace", "memory");
        Process process = ChildJvm.running(
                        Victim.class,
                        List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m"),
                        server.url(),
                        directory.toString(),
                        String.valueOf(files))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
