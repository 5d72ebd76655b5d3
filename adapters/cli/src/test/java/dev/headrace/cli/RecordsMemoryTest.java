package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** A page larger than the heap goes through it. Size: 50 MB in 32 MB of heap; under {@code -Psoak} 1 GB. */
class RecordsMemoryTest {

    private static final byte[] RECORD =
            ("{\"id\":1,\"name\":\"" + "x".repeat(200) + "\"},").getBytes(StandardCharsets.US_ASCII);
    private static final int RECORDS_A_CHUNK = 200;
    private static final int MEGABYTES = Boolean.getBoolean("headrace.soak") ? 1_024 : 50;
    private static final long CHUNKS = MEGABYTES * 1024L * 1024L / ((long) RECORDS_A_CHUNK * RECORD.length) + 1;

    @Test
    void streamsAPageLargerThanTheHeap() throws IOException, InterruptedException {
        try (TestServer server = onePage().start()) {
            Process headrace = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx32m",
                            "-XX:MaxDirectMemorySize=32m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            HeadraceCli.class.getName(),
                            "records",
                            server.url() + "/page",
                            "--items",
                            "/data/items")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long lines = 0;
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(headrace.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(out.readLine()).startsWith("{\"id\":1,");
                lines++;
                assertThat(server.bytesSent())
                        .as("bytes sent when the first record was out")
                        .isLessThan(MEGABYTES * 1024L * 1024L / 2);
                while (out.readLine() != null) {
                    lines++;
                }
            }

            assertThat(headrace.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(headrace.exitValue()).isZero();
            assertThat(lines).isEqualTo(CHUNKS * RECORDS_A_CHUNK + 1);
        }
    }

    private static Route onePage() {
        byte[] chunk = new byte[RECORDS_A_CHUNK * RECORD.length];
        for (int i = 0; i < RECORDS_A_CHUNK; i++) {
            System.arraycopy(RECORD, 0, chunk, i * RECORD.length, RECORD.length);
        }
        Flux<byte[]> body = Flux.concat(
                Flux.just("{\"data\":{\"total\":7,\"items\":[".getBytes(StandardCharsets.US_ASCII)),
                Flux.just(chunk).repeat(CHUNKS - 1),
                Flux.just("{\"id\":2}]},\"next\":null}".getBytes(StandardCharsets.US_ASCII)));
        return (request, response) ->
                response.header("Content-Type", "application/json").sendByteArray(body);
    }
}
