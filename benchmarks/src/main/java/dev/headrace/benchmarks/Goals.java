package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Collects the goals of a workload: a floor that must be met and a moonshot to aim for, each NaN if there is none. */
final class Goals {

    /** In place of a bound that there is not. */
    static final double NONE = Double.NaN;

    private final String cpu;
    private final String bytes;
    private final String wall;
    private final List<Goal> goals = new ArrayList<>();

    private Goals(String item) {
        this.cpu = Comparison.cpu(item);
        this.bytes = Comparison.bytes(item);
        this.wall = Comparison.wall(item);
    }

    /** For a workload whose items are called so. */
    static Goals per(String item) {
        return new Goals(item);
    }

    /** A peer takes at least so many times our CPU time. */
    Goals ahead(String us, String peer, double floor, double moonshot) {
        return atLeast("CPU: " + peer + " / " + us, result -> result.ratio(peer, us, cpu), floor, moonshot);
    }

    /** The best of these peers takes at least so many times our CPU time. Not known if one of them has no figure: it may be the best. */
    Goals aheadOfBest(String us, List<String> peers, double floor, double moonshot) {
        return atLeast(
                "CPU: best peer / " + us,
                // The least of numbers of which one is NaN is NaN.
                result -> peers.stream()
                        .mapToDouble(peer -> result.ratio(peer, us, cpu))
                        .min()
                        .orElse(Double.NaN),
                floor,
                moonshot);
    }

    /** We take at most so many times the CPU time of another, such as a limit. */
    Goals within(String us, String other, double floor, double moonshot) {
        return atMost("CPU: " + us + " / " + other, result -> result.ratio(us, other, cpu), floor, moonshot);
    }

    /** We take at most so many times the time on the clock of another. */
    Goals wallWithin(String us, String other, double floor, double moonshot) {
        return atMost(
                "time on the clock: " + us + " / " + other, result -> result.ratio(us, other, wall), floor, moonshot);
    }

    /** We take at most so much CPU time for an item, in microseconds. */
    Goals cpuBelow(String us, double floor, double moonshot) {
        return atMost(cpu + ": " + us, result -> result.figure(us, cpu), floor, moonshot);
    }

    /** We allocate at most so much for an item. */
    Goals bytesBelow(String us, double floor, double moonshot) {
        return atMost(bytes + ": " + us, result -> result.figure(us, bytes), floor, moonshot);
    }

    /** We allocate at most so much more for an item than another. */
    Goals bytesAbove(String us, String other, double floor, double moonshot) {
        return atMost(
                bytes + ": " + us + " - " + other,
                result -> result.median(table -> table.figure(us, bytes) - table.figure(other, bytes)),
                floor,
                moonshot);
    }

    List<Goal> toList() {
        return List.copyOf(goals);
    }

    private Goals atLeast(String text, ToDoubleFunction<SuiteResult> figure, double floor, double moonshot) {
        if (!Double.isNaN(floor)) {
            goals.add(Goal.atLeast(text, true, floor, figure));
        }
        if (!Double.isNaN(moonshot)) {
            goals.add(Goal.atLeast(text, false, moonshot, figure));
        }
        return this;
    }

    private Goals atMost(String text, ToDoubleFunction<SuiteResult> figure, double floor, double moonshot) {
        if (!Double.isNaN(floor)) {
            goals.add(new Goal(text, true, figure, floor));
        }
        if (!Double.isNaN(moonshot)) {
            goals.add(new Goal(text, false, figure, moonshot));
        }
        return this;
    }
}
