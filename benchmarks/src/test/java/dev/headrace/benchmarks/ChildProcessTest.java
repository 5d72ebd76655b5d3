package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void maySayMoreThanAPipeHolds() throws Exception {
        ChildProcess child = ChildProcess.run(List.of("sh", "-c", "seq 100000; exit 3"), LIMIT);

        assertThat(child.status()).isEqualTo(3);
        assertThat(child.lines()).hasSize(100_000);
        assertThat(child.lastLine()).isEqualTo("100000");
    }

    @Test
    void hasFailedWhenItDoesNotEnd() {
        assertThatThrownBy(() -> ChildProcess.run(List.of("sleep", "60"), Duration.ofSeconds(1)))
                .isInstanceOf(Turn.FailedException.class)
                .hasMessageContaining("no end in 1 s");
    }
}
