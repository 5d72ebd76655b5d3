package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

class PlotTest {

    private static final int MOST_BYTES = 20 * 1024;

    private static List<GrowthSuite> suites() {
        return GrowthSuite.all();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void hasAPointForEachRowInEachSeries(GrowthSuite suite) throws Exception {
        SuiteResult result = result(suite, suite.values(false).size());

        Document plot = read(suite.plot(result));

        long series = suite.panels().values().stream().mapToInt(List::size).sum();
        assertThat(plot.getElementsByTagName("circle").getLength())
                .isEqualTo((int) series * result.rows().size());
        assertThat(plot.getElementsByTagName("polyline").getLength()).isEqualTo((int) series);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void isSmallAndHasNoScriptAndNothingFromElsewhere(GrowthSuite suite) {
        String plot = suite.plot(result(suite, suite.values(false).size()));

        assertThat(plot.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MOST_BYTES);
        assertThat(plot.replace("http://www.w3.org/2000/svg", "")).doesNotContain("<script", "http:", "https:", "NaN");
    }

    @ParameterizedTest
    @MethodSource("suites")
    void leavesOutWhatIsNotKnown(GrowthSuite suite) throws Exception {
        SuiteResult result = result(suite, 1);
        List<SuiteResult.Row> unknown = result.rows().stream()
                .map(row -> new SuiteResult.Row(
                        row.name(), Collections.nCopies(suite.columns().size(), Double.NaN)))
                .toList();

        Document plot =
                read(suite.plot(new SuiteResult(suite.name(), suite.title(), "", suite.columns(), unknown, List.of())));

        assertThat(plot.getElementsByTagName("circle").getLength()).isZero();
    }

    private static SuiteResult result(GrowthSuite suite, int rows) {
        List<SuiteResult.Row> all = suite.values(false).stream()
                .limit(rows)
                .map(value -> new SuiteResult.Row(
                        suite.label(value), Collections.nCopies(suite.columns().size(), 1.5 * value + 1)))
                .toList();
        return new SuiteResult(suite.name(), suite.title(), "", suite.columns(), all, List.of());
    }

    private static Document read(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
