package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void measureAllByDefault() {
        Options options = Options.parse();

        assertThat(options.task()).isEqualTo(Options.Task.MEASURE);
        assertThat(options.suites()).isEmpty();
        assertThat(options.documents()).isEmpty();
        assertThat(options.properties()).isEmpty();
    }

    @Test
    void turnKnobs() {
        Options options = Options.parse("-s", "pages,ndjson", "-r", "5", "-Dheap=64m", "-o", "out");

        assertThat(options.suites()).isEqualTo("pages,ndjson");
        assertThat(options.output()).isEqualTo(Path.of("out"));
        assertThat(options.properties()).isEqualTo(Map.of("rounds", "5", "heap", "64m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "pages", "-Dheaps=64m", "-Dheap", "-r"})
    void refuseWhatTheyDoNotKnow(String option) {
        assertThatThrownBy(() -> Options.parse(option))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option);
    }

    @Test
    void documentWholeTablesByDefaultsOnly() {
        Options options = Options.parse("-d", "-r", "5", "-Ddisk=/var/tmp");

        assertThat(options.documents()).hasValue(Path.of("docs"));
        assertThatThrownBy(() -> Options.parse("-d", "-Dheap=64m")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.parse("-q", "-d")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.parse("-d", "-c", "headrace")).isInstanceOf(IllegalArgumentException.class);
    }
}
