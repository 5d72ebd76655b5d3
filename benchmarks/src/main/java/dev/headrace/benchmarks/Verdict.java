package dev.headrace.benchmarks;

import java.util.List;
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
 * @param each what was measured in each round, of which the figure is the median or made of medians; empty without rounds
 */
record Verdict(
        String text,
        boolean floor,
        double figure,
        @Nullable Double least,
        @Nullable Double most,
        boolean met,
        List<Double> each) {

    static Verdict of(Goal goal, SuiteResult result) {
        double figure = goal.figure().applyAsDouble(result);
        return new Verdict(
                goal.text(),
                goal.floor(),
                figure,
                finite(goal.least()),
                finite(goal.most()),
                goal.isMetBy(figure),
                result.each(goal.figure()));
    }

    /** The bound in words, such as {@code at most 1.10}. */
    String bound() {
        return least != null
                ? "at least " + Markdown.number(least)
                : "at most " + Markdown.number(most == null ? Double.NaN : most);
    }

    /** {@code met}, {@code missed} or {@code not measured}, and how many rounds say otherwise. */
    String word() {
        if (Double.isNaN(figure)) {
            return "not measured";
        }
        String word = met ? "met" : "missed";
        long rounds = roundsThatMeetIt();
        return rounds == (met ? each.size() : 0)
                ? word
                : word + ", but " + (met ? "missed in " + (each.size() - rounds) : "met in " + rounds) + " of "
                        + each.size() + " rounds";
    }

    /** Whether it is met, and in every round as well. */
    boolean isMetAlways() {
        return met && roundsThatMeetIt() == each.size();
    }

    private long roundsThatMeetIt() {
        return each.stream()
                .filter(value -> (least == null || value >= least) && (most == null || value <= most))
                .count();
    }

    private static @Nullable Double finite(double bound) {
        return Double.isInfinite(bound) ? null : bound;
    }
}
