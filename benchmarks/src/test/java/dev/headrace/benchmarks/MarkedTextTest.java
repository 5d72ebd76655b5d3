package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkedTextTest {

    private static final String TEXT = """
            # By hand
            <!-- begin pages -->
            old
            <!-- end pages -->
            more by hand
            <!-- begin pages-latency -->
            <!-- end pages-latency -->
            """;

    @Test
    void changesWhatIsInThePlaceAndNothingElse() {
        assertThat(MarkedText.replace(TEXT, "pages", "| a |\n| b |\n")).hasValue("""
                        # By hand
                        <!-- begin pages -->
                        | a |
                        | b |
                        <!-- end pages -->
                        more by hand
                        <!-- begin pages-latency -->
                        <!-- end pages-latency -->
                        """);
    }

    @Test
    void fillsAnEmptyPlaceAgainAndAgain() {
        String once = MarkedText.replace(TEXT, "pages-latency", "new").orElseThrow();

        assertThat(MarkedText.replace(once, "pages-latency", "new")).hasValue(once);
        assertThat(once).contains("<!-- begin pages-latency -->\nnew\n<!-- end pages-latency -->");
    }

    @Test
    void leavesATextWithoutThePlaceAlone() {
        assertThat(MarkedText.replace(TEXT, "ndjson", "new")).isEmpty();
        assertThat(MarkedText.replace("<!-- end pages --> <!-- begin pages -->", "pages", "new"))
                .isEmpty();
    }
}
