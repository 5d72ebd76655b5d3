package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Events of about 8 KB in 80 lines as text, in HTTP chunks of 16 KiB: with the defaults forty thousand. */
public final class LargeEvents implements Workload {

    private static final int CHUNK = 16 * 1024;

    LargeEvents() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new LargeEvents(), args);
    }

    @Override
    public String item() {
        return "event";
    }

    @Override
    public int items() {
        return 40_000;
    }

    @Override
    public List<Contestant> contestants() {
        return StringEvents.contestants(EventBlock.LARGE);
    }

    @Override
    public Tally expected(Knobs knobs) {
        return EventBlock.LARGE.expectedTexts(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return EventServer.start(EventBlock.LARGE.times(knobs), EventBlock.LARGE.pieces(CHUNK));
    }
}
