package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SuitesTest {

    private static Stream<Comparison> comparisons() {
        return Suites.all().stream().filter(Comparison.class::isInstance).map(Comparison.class::cast);
    }

    @Test
    void haveNamesOfTheirOwn() {
        assertThat(Suites.all()).extracting(Suite::name).doesNotHaveDuplicates();
    }

    @Test
    void areFoundByNamesAndByBeginnings() {
        assertThat(Suites.named("pages-*, ndjson")).extracting(Suite::name).containsExactly("ndjson", "pages-latency");
        assertThatThrownBy(() -> Suites.named("pages,page"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'page'");
    }

    /** A goal that names nobody would never be judged. */
    @ParameterizedTest
    @MethodSource("comparisons")
    void haveGoalsThatAreJudgedOnceAllAreMeasured(Comparison comparison) {
        Map<String, Measurement> round = new LinkedHashMap<>();
        comparison
                .workload()
                .contestants()
                .forEach(contestant -> round.put(contestant.name(), new Measurement(1, 1, 1, 1)));
        SuiteResult result = SuiteResult.ofRounds(
                comparison.name(),
                comparison.title(),
                "",
                Comparison.columns(comparison.workload().item()),
                List.of(Comparison.rows(round, "")),
                List.of());

        assertThat(comparison.goals())
                .allSatisfy(goal -> assertThat(goal.figure().applyAsDouble(result))
                        .as(goal.text())
                        .isNotNaN());
    }

    private static Stream<DownloadSuite> downloads() {
        return Downloads.suites().stream().map(DownloadSuite.class::cast);
    }

    @ParameterizedTest
    @MethodSource("downloads")
    void ofDownloadsHaveGoalsThatAreJudgedOnceAllAreMeasured(DownloadSuite suite) {
        Map<String, DownloadFigures> round = new LinkedHashMap<>();
        DownloadFigures figures = new DownloadFigures(1, 1, 1, 1, 1);
        round.put(Curl.NAME, figures);
        suite.downloaders().forEach(downloader -> round.put(downloader.name(), figures));
        SuiteResult result =
                new SuiteResult(suite.name(), "", "", DownloadSuite.COLUMNS, DownloadSuite.rows(round), List.of());

        assertThat(suite.goals())
                .isNotEmpty()
                .allSatisfy(goal -> assertThat(goal.figure().applyAsDouble(result))
                        .as(goal.text())
                        .isNotNaN());
    }

    @Test
    void haveAPlaceInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "performance.md"));

        assertThat(Suites.all())
                .allSatisfy(suite -> assertThat(MarkedText.replace(page, suite.name(), ""))
                        .as(suite.name())
                        .isPresent());
    }
}
