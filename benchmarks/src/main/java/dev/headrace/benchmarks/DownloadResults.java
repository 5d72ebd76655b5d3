package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The figures of a race, by contestant and round. Who failed once has none. */
final class DownloadResults {

    private final Map<String, List<DownloadFigures>> rounds = new LinkedHashMap<>();

    void add(String contestant, DownloadFigures figures) {
        rounds.computeIfAbsent(contestant, name -> new ArrayList<>()).add(figures);
    }

    void remove(String contestant) {
        rounds.remove(contestant);
    }

    Set<String> contestants() {
        return rounds.keySet();
    }

    /** NaN if the contestant has none. */
    double median(String contestant, ToDoubleFunction<DownloadFigures> figure) {
        return median(of(contestant).stream().mapToDouble(figure));
    }

    /** The median of each round's ratio, which what changes from round to round does not touch; NaN if one of the two has none. */
    double ratio(String contestant, String other, ToDoubleFunction<DownloadFigures> figure) {
        List<DownloadFigures> ours = of(contestant);
        List<DownloadFigures> theirs = of(other);
        return median(IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToDouble(round -> figure.applyAsDouble(ours.get(round)) / figure.applyAsDouble(theirs.get(round))));
    }

    double smallest(String contestant, ToDoubleFunction<DownloadFigures> figure) {
        return of(contestant).stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    double largest(String contestant, ToDoubleFunction<DownloadFigures> figure) {
        return of(contestant).stream().mapToDouble(figure).max().orElse(Double.NaN);
    }

    private List<DownloadFigures> of(String contestant) {
        return rounds.getOrDefault(contestant, List.of());
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
