package dev.headrace.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one point of a growth suite has cost.
 *
 * @param figures in the order of the suite's columns; NaN where one is not known
 * @param notes what to say besides
 */
record GrowthPoint(List<Double> figures, List<String> notes) {

    static GrowthPoint of(double... figures) {
        return new GrowthPoint(Arrays.stream(figures).boxed().toList(), List.of());
    }

    GrowthPoint withNotes(List<String> said) {
        return new GrowthPoint(figures, said);
    }

    /** Each figure's median by itself, and the notes of the last. */
    static GrowthPoint median(List<GrowthPoint> rounds) {
        int columns = rounds.get(0).figures().size();
        List<Double> medians = IntStream.range(0, columns)
                .mapToObj(column -> rounds.stream()
                        .map(round -> round.figures().get(column))
                        .sorted()
                        .toList()
                        .get(rounds.size() / 2))
                .toList();
        return new GrowthPoint(medians, rounds.get(rounds.size() - 1).notes());
    }
}
