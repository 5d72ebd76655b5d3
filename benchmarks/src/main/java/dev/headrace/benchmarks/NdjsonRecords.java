package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Records one on a line: with the defaults a million of them. */
public final class NdjsonRecords implements Workload {

    private NdjsonRecords() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new NdjsonRecords(), args);
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return 1_000_000;
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of("Jackson on a socket", SocketReads.lines()),
                Contestant.of("headrace", HeadraceReads.lines()),
                Contestant.of("headrace, own codec", HeadraceReads.linesByCodec()),
                Contestant.of("WebClient", WebClientReads.lines()),
                Contestant.of("OkHttp + Jackson", OkHttpReads.lines()),
                Contestant.of("receive and count", ReactorNettyReads.receive("/lines")));
    }

    @Override
    public Tally expected(Knobs knobs) {
        return ItemBlock.expected(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return RecordServer.start(knobs);
    }
}
