package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;

/** What is compared: something to read, how much of it, and who reads it. */
interface Workload {

    /** What the suite that compares is called, such as {@code events-small}. */
    String name();

    /** What it says, in one line. */
    String title();

    /** What one item is called in the table. */
    String item();

    /** How many items a pass has, unless {@code -Ditems} says otherwise. */
    int items();

    /** How many items a pass has in a quick run, which only shows that all works. */
    default int quickItems() {
        return items() / 20;
    }

    /** The heap of a contestant, unless {@code -Dheap} says otherwise. */
    default String heap() {
        return "512m";
    }

    /** How long the server thinks before each answer, unless {@code -Dlatency} says otherwise. */
    default Duration latency() {
        return Duration.ZERO;
    }

    /** How long a contestant warms up, unless {@code -Dwarmup} says otherwise. */
    default Duration warmup() {
        return Knobs.WARMUP;
    }

    /** Who takes part, in the order of their turns. The first is the measure of the others. */
    List<Contestant> contestants();

    /** What we hold ourselves to; empty if it only tells. */
    default List<Goal> goals() {
        return List.of();
    }

    /** What a reader of the table should know besides. */
    default List<String> notes() {
        return List.of();
    }

    /** What a pass must have read. */
    Tally expected(Knobs knobs);

    /** Starts the server to read from, in the process of the comparison; null if nothing is served. */
    @Nullable
    DisposableServer serve(Knobs knobs);
}
