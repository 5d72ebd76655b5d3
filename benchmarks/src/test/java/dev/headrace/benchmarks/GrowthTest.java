package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.DisposableServer;

/** Small sizes, in this process; what they cost is of no interest here. */
class GrowthTest {

    @TempDir
    static Path disk;

    private static final int POINTS = 2;

    private static List<Arguments> points() {
        return GrowthSuite.all().stream()
                .flatMap(suite -> suite.values(true).stream().limit(POINTS).map(value -> Arguments.of(suite, value)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("points")
    void measuresWhatItsColumnsSay(GrowthSuite suite, long value) throws Exception {
        GrowthKnobs knobs = new GrowthKnobs(1, true, Duration.ofMinutes(1), suite.heap(), List.of(), disk);
        DisposableServer server = suite.serve(value, knobs);
        try {
            GrowthPoint point = suite.measure(
                    value,
                    server == null ? "none:" : "http://127.0.0.1:" + server.port(),
                    suite.expected(value, knobs),
                    knobs);

            assertThat(point.figures()).hasSameSizeAs(suite.columns());
        } finally {
            if (server != null) {
                server.disposeNow();
            }
        }
    }
}
