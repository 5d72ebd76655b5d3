package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTest {

    private static final List<String> COLUMNS =
            List.of(Comparison.cpu("item"), Comparison.bytes("item"), Comparison.wall("item"));

    private static final SuiteResult RESULT = new SuiteResult(
            "made",
            "",
            "",
            COLUMNS,
            List.of(row("limit", 1, 100, 1), row("ours", 2, 150, 3), row("peer", 6, 400, 9), row("worse", 8, 900, 9)),
            List.of());

    @Test
    void sayHowManyTimesOurTimeAPeerTakes() {
        List<Goal> goals = Goals.per("item").ahead("ours", "peer", 3, 3.5).toList();

        assertThat(verdicts(goals)).containsExactly("floor at least 3: 3, met", "moonshot at least 3.50: 3, missed");
    }

    @Test
    void compareWithTheBestOfThePeers() {
        List<Goal> goals = Goals.per("item")
                .aheadOfBest("ours", List.of("worse", "peer"), 3.1, Goals.NONE)
                .toList();

        assertThat(verdicts(goals)).containsExactly("floor at least 3.10: 3, missed");
    }

    @Test
    void boundWhatWeTakeByALimit() {
        List<Goal> goals = Goals.per("item")
                .within("ours", "limit", 2, 1.9)
                .wallWithin("ours", "limit", Goals.NONE, 3)
                .cpuBelow("ours", 2, 1.5)
                .bytesBelow("ours", 150, 149)
                .bytesAbove("ours", "limit", 50, 49)
                .toList();

        assertThat(verdicts(goals))
                .containsExactly(
                        "floor at most 2: 2, met",
                        "moonshot at most 1.90: 2, missed",
                        "moonshot at most 3: 3, met",
                        "floor at most 2: 2, met",
                        "moonshot at most 1.50: 2, missed",
                        "floor at most 150: 150, met",
                        "moonshot at most 149: 150, missed",
                        "floor at most 50: 50, met",
                        "moonshot at most 49: 50, missed");
    }

    @Test
    void areNotMetByWhatWasNotMeasured() {
        List<Goal> goals = Goals.per("item")
                .within("ours", "absent", 2, Goals.NONE)
                // Who failed may be the best.
                .aheadOfBest("ours", List.of("worse", "absent", "peer"), 2, Goals.NONE)
                .toList();

        assertThat(verdicts(goals))
                .containsExactly("floor at most 2: -, not measured", "floor at least 2: -, not measured");
        assertThat(goals).noneMatch(goal -> goal.isMetBy(goal.figure().applyAsDouble(RESULT)));
    }

    @Test
    void takeTheMedianOfTheRoundsRatios() {
        SuiteResult result = SuiteResult.ofRounds(
                "made",
                "",
                "",
                COLUMNS,
                List.of(
                        List.of(row("peer", 100, 0, 0), row("ours", 50, 0, 0)),
                        List.of(row("peer", 400, 0, 0), row("ours", 400, 0, 0)),
                        List.of(row("peer", 600, 0, 0), row("ours", 200, 0, 0))),
                List.of());

        assertThat(result.figure("ours", Comparison.cpu("item"))).isEqualTo(200);
        assertThat(result.ratio("peer", "ours", Comparison.cpu("item"))).isEqualTo(2);
        assertThat(result.ratio("peer", "absent", Comparison.cpu("item"))).isNaN();
    }

    @Test
    void areMetAlwaysOnlyIfEachRoundMeetsThem() {
        SuiteResult result = SuiteResult.ofRounds(
                "made",
                "",
                "",
                COLUMNS,
                List.of(List.of(row("ours", 1, 0, 0)), List.of(row("ours", 2, 0, 0)), List.of(row("ours", 4, 0, 0))),
                List.of());

        assertThat(Goals.per("item").cpuBelow("ours", 4, 2).toList())
                .extracting(goal -> Verdict.of(goal, result))
                .extracting(Verdict::word, Verdict::isMetAlways, Verdict::each)
                .containsExactly(
                        tuple("met", true, List.of(1.0, 2.0, 4.0)),
                        tuple("met, but missed in 1 of 3 rounds", false, List.of(1.0, 2.0, 4.0)));
    }

    private static List<String> verdicts(List<Goal> goals) {
        return goals.stream()
                .map(goal -> Verdict.of(goal, RESULT))
                .map(verdict -> (verdict.floor() ? "floor " : "moonshot ")
                        + verdict.bound()
                        + ": "
                        + Markdown.number(verdict.figure())
                        + ", "
                        + verdict.word())
                .toList();
    }

    private static SuiteResult.Row row(String name, double cpu, double bytes, double wall) {
        return new SuiteResult.Row(name, List.of(cpu, bytes, wall));
    }
}
