package dev.headrace.benchmarks;

import java.util.List;

/**
 * All that a run found, as it is kept in {@code results.json}.
 *
 * @param java the version of Java
 * @param processors how many there were
 * @param processor which
 * @param system the operating system and its version
 * @param date when it ended, such as {@code 2026-11-29T20:00:00Z}
 * @param commit what was measured; {@code unknown} if nobody said
 * @param suites in the order in which they ran
 */
record Results(
        String java, int processors, String processor, String system, String date, String commit, List<Found> suites) {

    /** What a suite found, and what that means for its goals. */
    record Found(SuiteResult result, List<Verdict> verdicts) {

        /** A quick run judges nothing. */
        static Found of(Suite suite, SuiteResult result) {
            List<Goal> goals = Knobs.isQuick() ? List.of() : suite.goals();
            return new Found(
                    result, goals.stream().map(goal -> Verdict.of(goal, result)).toList());
        }
    }
}
