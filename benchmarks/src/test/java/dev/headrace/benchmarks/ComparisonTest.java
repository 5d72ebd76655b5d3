package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void dividesByTheOneWhoIsTheMeasure() {
        SuiteResult result = result("first");

        assertThat(result.figure("second", Comparison.CPU_RATIO)).isEqualTo(2);
        assertThat(result.figure("second", Comparison.WALL_RATIO)).isEqualTo(3);
        assertThat(result.figure("second", "bytes above")).isEqualTo(50);
    }

    /** Or the ratios would be to somebody else, and nobody would see it. */
    @Test
    void knowsNoRatiosIfTheMeasureHasFailed() {
        SuiteResult result = result("failed");

        assertThat(result.figure("second", Comparison.cpu("item"))).isEqualTo(2);
        assertThat(result.figure("second", Comparison.CPU_RATIO)).isNaN();
        assertThat(result.figure("second", Comparison.WALL_RATIO)).isNaN();
        assertThat(result.figure("second", "bytes above")).isNaN();
    }

    private static SuiteResult result(String measure) {
        Map<String, Measurement> round = new LinkedHashMap<>();
        round.put("first", new Measurement(1, 100, 2, 60));
        round.put("second", new Measurement(2, 150, 6, 70));
        return SuiteResult.ofRounds(
                "made", "", "", Comparison.columns("item"), List.of(Comparison.rows(round, measure)), List.of());
    }
}
