package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private static final List<SuiteResult.Row> ROWS = List.of(
            new SuiteResult.Row("first | of all", List.of(0.0364, 1.0, 12_345.6)),
            new SuiteResult.Row("second", List.of(2.5, 68.68, Double.NaN)));

    private static final SuiteResult RESULT = new SuiteResult(
            "made",
            "What nobody measured",
            "by hand",
            List.of("CPU us/item", "CPU ratio", "bytes/item"),
            ROWS,
            List.of("third failed: OutOfMemoryError"),
            List.of(ROWS, ROWS));

    private static final Results RESULTS = new Results(
            "17.0.1",
            2,
            "model",
            "Linux 6.1",
            "2026-11-29T20:00:00Z",
            "abc",
            List.of(new Results.Found(
                    RESULT,
                    List.of(
                            new Verdict("CPU: second / first", true, 68.68, null, 70.0, true, List.of(68.68, 71.0)),
                            new Verdict("CPU: second / third", false, Double.NaN, 2.0, null, false, List.of())))));

    @Test
    void areReadAsTheyWereWritten() {
        String json = ResultsFile.write(RESULTS);

        assertThat(ResultsFile.read(json)).isEqualTo(RESULTS);
        assertThat(json).doesNotContain("NaN", "Infinity").contains("\"rounds\"");
    }

    @Test
    void areATableForPeople() {
        assertThat(Markdown.part(RESULTS.suites().get(0))).isEqualTo("""
                        |  | CPU us/item | CPU ratio | bytes/item |
                        |---|---:|---:|---:|
                        | first \\| of all | 0.036 | 1 | 12,346 |
                        | second | 2.50 | 68.7 | - |

                        - floor: CPU: second / first, at most 70: 68.7 (68.7; 71), **met, but missed in 1 of 2 rounds**
                        - moonshot: CPU: second / third, at least 2: -, not measured
                        - third failed: OutOfMemoryError

                        by hand.
                        """);
    }

    @Test
    void countTheGoalsThatAreMet() {
        assertThat(Markdown.goals(RESULTS))
                .contains("Floors: 1 of 1 met, 0 in every round. Moonshots: 0 of 1 met, 0 in every round.");
    }
}
