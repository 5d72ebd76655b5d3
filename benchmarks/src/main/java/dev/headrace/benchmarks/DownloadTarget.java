package dev.headrace.benchmarks;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What a contestant is to reach.
 *
 * @param text says it, with the bound
 * @param figure out of the results; NaN if it was not measured
 * @param reached whether a figure is good enough
 */
record DownloadTarget(String text, ToDoubleFunction<DownloadResults> figure, Predicate<Double> reached) {

    static DownloadTarget atLeast(double bound, String text, ToDoubleFunction<DownloadResults> figure) {
        return new DownloadTarget(text, figure, value -> value >= bound);
    }

    static DownloadTarget atMost(double bound, String text, ToDoubleFunction<DownloadResults> figure) {
        return new DownloadTarget(text, figure, value -> value <= bound);
    }

    /** A line such as {@code at least 1.8 x curl: 2.03, reached}. */
    String verdict(DownloadResults results) {
        double value = figure.applyAsDouble(results);
        if (Double.isNaN(value)) {
            return text + ": not measured";
        }
        return String.format(Locale.ROOT, "%s: %.2f, %s", text, value, reached.test(value) ? "reached" : "MISSED");
    }
}
