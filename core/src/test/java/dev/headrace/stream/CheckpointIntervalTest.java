package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.lastState;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.json.Json;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often there is a checkpoint. Row A51. */
class CheckpointIntervalTest {

    /** How many records come before each checkpoint. */
    private static List<Integer> distances(List<Message<Issue>> messages) {
        List<Integer> distances = new ArrayList<>();
        int records = 0;
        for (Message<Issue> message : messages) {
            if (message instanceof Checkpoint<Issue>) {
                distances.add(records);
                records = 0;
            } else {
                records++;
            }
        }
        assertThat(records).isZero();
        return distances;
    }

    @Test
    void comesAfterEachPageUnlessTold() {
        try (Repositories repositories = Repositories.of(2, 25)) {
            assertThat(distances(repositories.read(ALL_ISSUES))).containsExactly(10, 10, 5, 10, 10, 5, 0);
        }
    }

    @Test
    void comesAtTheEndOfAPageAfterSoManyRecords() {
        try (Repositories repositories = Repositories.of(2, 45)) {
            assertThat(distances(repositories.read(ALL_ISSUES.checkpointEvery(25))))
                    .containsExactly(30, 25, 30, 5);
            assertThat(distances(repositories.read(ALL_ISSUES.checkpointEvery(1_000))))
                    .containsExactly(90);
            assertThat(distances(
                            repositories.read(ALL_ISSUES.checkpointEvery(1_000).checkpointEvery(0))))
                    .hasSize(11);
        }
    }

    @Test
    void comesAtTheEndOfAPageAfterSoMuchTime() {
        ManualClock clock = new ManualClock();
        try (Repositories repositories = Repositories.of(1, 65)) {
            // Each record takes a second.
            RecordStream<Issue> stream = ALL_ISSUES
                    .clock(clock)
                    .checkpointEvery(ofSeconds(25))
                    .map(issue -> {
                        clock.advance(ofSeconds(1));
                        return issue;
                    });

            assertThat(distances(repositories.read(stream))).containsExactly(30, 30, 5);
        }
    }

    @Test
    void isOftenEnoughToGoOnWithoutLoss() {
        RecordStream<Issue> stream = ALL_ISSUES.checkpointEvery(25);
        try (Repositories repositories = Repositories.of(2, 45)) {
            List<Message<Issue>> whole = repositories.read(stream);
            int records = 0;
            for (Message<Issue> message : whole) {
                if (message instanceof Checkpoint<Issue> checkpoint && records < 90) {
                    List<Message<Issue>> rest = repositories.read(
                            stream, Json.tree(checkpoint.state().toString()));
                    assertThat(Repositories.records(rest)).hasSize(90 - records);
                    assertThat(lastState(rest)).isEqualTo(lastState(whole));
                } else {
                    records++;
                }
            }
        }
    }

    @Test
    void refusesWhatIsNegative() {
        assertThatThrownBy(() -> ALL_ISSUES.checkpointEvery(-1)).hasMessageContaining("checkpointEvery");
        assertThatThrownBy(() -> ALL_ISSUES.checkpointEvery(Duration.ofMillis(-1)))
                .hasMessageContaining("checkpointEvery");
    }
}
