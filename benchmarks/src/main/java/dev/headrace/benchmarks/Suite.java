package dev.headrace.benchmarks;

import java.util.List;
import java.util.Optional;

/** One question that is measured, and its answer as a table. */
interface Suite {

    /** What it is called on the command line, such as {@code events-small}. */
    String name();

    /** What it says, in one line. */
    String title();

    /** What we hold ourselves to; empty if it only tells. */
    default List<Goal> goals() {
        return List.of();
    }

    /** Why it cannot run on this machine, and what to do about it; empty if it can. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Measures. It takes minutes, and nothing else should run meanwhile. */
    SuiteResult run() throws InterruptedException;
}
