package dev.headrace.benchmarks;

import java.util.Arrays;
import java.util.List;

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
}
