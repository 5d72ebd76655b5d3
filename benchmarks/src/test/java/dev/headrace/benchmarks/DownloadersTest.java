package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever writes too little, or something else, would be the fastest of all. */
class DownloadersTest {

    // Not a multiple of anybody's buffer.
    private static final int SIZE = 3 * 1024 * 1024 + 5;

    private static final RangeFile FILE = RangeFile.ofSize(SIZE);

    @TempDir
    Path directory;

    private static Stream<Downloader> plain() {
        return Downloads.PLAIN.stream();
    }

    private static Stream<Downloader> encrypted() {
        return Downloads.TLS.stream();
    }

    @ParameterizedTest
    @MethodSource("plain")
    void writesTheFileTwice(Downloader downloader) throws Exception {
        try (TestServer server = TestServer.builder().route("/file.bin", FILE).start()) {
            Fetch fetch = downloader.preparation().prepare(server.uri("/file.bin"), null);

            DownloadCost first = DownloadCost.of(fetch, directory.resolve("first"), SIZE);
            DownloadCost second = DownloadCost.of(fetch, directory.resolve("second"), SIZE);

            assertThat(directory.resolve("first")).hasBinaryContent(FILE.bytes(0, SIZE));
            assertThat(directory.resolve("second")).hasBinaryContent(FILE.bytes(0, SIZE));
            assertThat(List.of(first, second)).allSatisfy(cost -> {
                assertThat(cost.writtenSeconds()).isPositive();
                assertThat(cost.forcedSeconds()).isGreaterThanOrEqualTo(cost.writtenSeconds());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("encrypted")
    void writesTheFileThatCameByTls(Downloader downloader) throws Exception {
        try (TestServer server =
                TestServer.builder().tls().route("/file.bin", FILE).start()) {
            Path certificate = Files.writeString(directory.resolve("certificate.pem"), server.certificatePem());
            Fetch fetch = downloader.preparation().prepare(server.uri("/file.bin"), certificate);

            DownloadCost.of(fetch, directory.resolve("file"), SIZE);

            assertThat(directory.resolve("file")).hasBinaryContent(FILE.bytes(0, SIZE));
        }
    }

    @ParameterizedTest
    @MethodSource("plain")
    void neverTakesAnErrorForTheFile(Downloader downloader) throws Exception {
        try (TestServer server = TestServer.builder().start()) {
            Fetch fetch = downloader.preparation().prepare(server.uri("/missing.bin"), null);

            assertThatThrownBy(() -> DownloadCost.of(fetch, directory.resolve("file"), SIZE))
                    .isInstanceOf(Exception.class);
        }
    }

    @Test
    void refusesAFileOfAnotherLength() {
        Fetch cut = (file, written) -> {
            Files.write(file, new byte[SIZE - 1]);
            written.run();
        };

        assertThatThrownBy(() -> DownloadCost.of(cut, directory.resolve("file"), SIZE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining((SIZE - 1) + " bytes, not " + SIZE);
    }

    @Test
    void refusesADownloadThatDoesNotSayWhenAllIsWritten() {
        Fetch silent = (file, written) -> Files.write(file, new byte[SIZE]);

        assertThatThrownBy(() -> DownloadCost.of(silent, directory.resolve("file"), SIZE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void comparesWithThoseOfTheSameRound() {
        Map<String, DownloadFigures> round = new LinkedHashMap<>();
        round.put(Curl.NAME, written(100));
        round.put("ours", written(150));

        List<SuiteResult.Row> rows = DownloadSuite.rows(round);
        SuiteResult result = new SuiteResult("downloads", "", "", DownloadSuite.COLUMNS, rows, List.of());

        assertThat(result.figure("ours", DownloadSuite.SPEED_TO_CURL)).isEqualTo(1.5);
        assertThat(result.figure("ours", DownloadSuite.CPU_TO_CURL)).isEqualTo(1.0);
        assertThat(result.figure("ours", DownloadSuite.SPEED_TO_SOCKET)).isNaN();
    }

    @Test
    void readsUserAndSystemTimeOfAShell() {
        assertThat(Curl.cpuSeconds("0m0.030s 1m1.010s")).isEqualTo(61.04);
        assertThat(Curl.cpuSeconds("0m0,250s 0m0,500s")).isEqualTo(0.75);
        assertThatThrownBy(() -> Curl.cpuSeconds("0.03 user")).isInstanceOf(IllegalArgumentException.class);
    }

    private static DownloadFigures written(double speed) {
        return new DownloadFigures(speed, speed, speed, 1, 1);
    }
}
