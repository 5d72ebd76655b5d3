package dev.headrace.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;

/** What is compared: something to read, how much of it, and who reads it. */
interface Workload {

    /** What one item is called in the table. */
    String item();

    /** How many items a pass has, unless {@code -Ditems} says otherwise. */
    int items();

    /** The heap of a contestant, unless {@code -Dheap} says otherwise. */
    default String heap() {
        return "512m";
    }

    /** Who takes part, in the order of their turns. The first is the measure of the others. */
    List<Contestant> contestants();

    /** What a pass must have read. */
    Tally expected(Knobs knobs);

    /** Starts the server to read from, in the process of the comparison; null if nothing is served. */
    @Nullable
    DisposableServer serve(Knobs knobs);
}
