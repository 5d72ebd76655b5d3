package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Small events as text, in HTTP chunks of 16 KiB: with the defaults two million of about 100 bytes. */
public final class SmallEvents implements Workload {

    private static final int CHUNK = 16 * 1024;

    SmallEvents() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new SmallEvents(), args);
    }

    @Override
    public String item() {
        return "event";
    }

    @Override
    public int items() {
        return 2_000_000;
    }

    @Override
    public List<Contestant> contestants() {
        return StringEvents.contestants(EventBlock.SMALL);
    }

    @Override
    public Tally expected(Knobs knobs) {
        return EventBlock.SMALL.expectedTexts(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return EventServer.start(EventBlock.SMALL.times(knobs), EventBlock.SMALL.pieces(CHUNK));
    }
}
