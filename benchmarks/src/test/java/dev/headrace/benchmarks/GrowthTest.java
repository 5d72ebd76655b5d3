package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.DisposableServer;

/** Small sizes, in this process; what they cost is of no interest here. */
class GrowthTest {

    private static final int POINTS = 2;

    @TempDir
    Path disk;

    private static List<GrowthSuite> suites() {
        return GrowthSuite.all();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void measureWhatTheirColumnsSay(GrowthSuite suite) throws Exception {
        List<GrowthPoint> points = new ArrayList<>();
        for (long value : suite.values(true).subList(0, POINTS)) {
            points.add(measure(suite, value));
        }

        assertThat(points).allSatisfy(point -> assertThat(point.figures()).hasSameSizeAs(suite.columns()));
        for (int i = 0; i < suite.columns().size(); i++) {
            int column = i;
            assertThat(points)
                    .as(suite.columns().get(column))
                    .anyMatch(point -> Double.isFinite(point.figures().get(column)));
        }
    }

    private GrowthPoint measure(GrowthSuite suite, long value) throws Exception {
        GrowthKnobs knobs = new GrowthKnobs(1, true, Duration.ofMinutes(1), suite.heap(), List.of(), disk);
        DisposableServer server = suite.serve(value, knobs);
        try {
            return suite.measure(value, Comparison.url(server), suite.expected(value, knobs), knobs);
        } finally {
            if (server != null) {
                server.disposeNow();
            }
        }
    }
}
