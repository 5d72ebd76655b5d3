package dev.headrace.benchmarks;

import java.util.function.ToDoubleFunction;

/**
 * What a figure is to be at most.
 *
 * @param text what is compared with what, such as {@code CPU: headrace / WebClient}
 * @param floor whether it must be met; otherwise it is what we aim for
 * @param figure the figure, out of the table; NaN if it was not measured
 * @param most the largest that meets the goal
 */
record Goal(String text, boolean floor, ToDoubleFunction<SuiteResult> figure, double most) {

    /** Whether it is met; a figure that is not known does not meet it. */
    boolean isMetBy(SuiteResult result) {
        return figure.applyAsDouble(result) <= most;
    }
}
