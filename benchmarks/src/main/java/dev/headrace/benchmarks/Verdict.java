package dev.headrace.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * What became of a goal.
 *
 * @param text what is compared with what
 * @param floor whether it must be met; otherwise it is what we aim for
 * @param figure what was measured; NaN if nothing was
 * @param least the smallest that meets the goal; null if there is none
 * @param most the largest that meets the goal; null if there is none
 * @param met whether it is met
 */
record Verdict(
        String text,
        boolean floor,
        double figure,
        @Nullable Double least,
        @Nullable Double most,
        boolean met) {

    static Verdict of(Goal goal, SuiteResult result) {
        return new Verdict(
                goal.text(),
                goal.floor(),
                goal.figure().applyAsDouble(result),
                finite(goal.least()),
                finite(goal.most()),
                goal.isMetBy(result));
    }

    /** The bound in words, such as {@code at most 1.10}. */
    String bound() {
        return least != null
                ? "at least " + Markdown.number(least)
                : "at most " + Markdown.number(most == null ? Double.NaN : most);
    }

    /** {@code met}, {@code missed} or {@code not measured}. */
    String word() {
        if (Double.isNaN(figure)) {
            return "not measured";
        }
        return met ? "met" : "missed";
    }

    private static @Nullable Double finite(double bound) {
        return Double.isInfinite(bound) ? null : bound;
    }
}
