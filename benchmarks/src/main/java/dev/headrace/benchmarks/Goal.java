package dev.headrace.benchmarks;

import java.util.function.ToDoubleFunction;

/**
 * What a figure is to be, at least or at most.
 *
 * @param text what is compared with what, such as {@code CPU: headrace / WebClient}
 * @param floor whether it must be met; otherwise it is what we aim for
 * @param figure the figure, out of the table; NaN if it was not measured
 * @param least the smallest that meets the goal; negative infinity if there is none
 * @param most the largest that meets the goal; infinity if there is none
 */
record Goal(String text, boolean floor, ToDoubleFunction<SuiteResult> figure, double least, double most) {

    /** A figure that is to be at most so large. */
    Goal(String text, boolean floor, ToDoubleFunction<SuiteResult> figure, double most) {
        this(text, floor, figure, Double.NEGATIVE_INFINITY, most);
    }

    static Goal atLeast(String text, boolean floor, double least, ToDoubleFunction<SuiteResult> figure) {
        return new Goal(text, floor, figure, least, Double.POSITIVE_INFINITY);
    }

    /** Whether a figure meets it; one that is not known does not. */
    boolean isMetBy(double value) {
        return value >= least && value <= most;
    }
}
