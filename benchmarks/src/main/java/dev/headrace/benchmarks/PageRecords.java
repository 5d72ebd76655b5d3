package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Records of pages of a hundred, each named by the {@code Link} header of the one before: with the defaults 2,000 pages. */
public final class PageRecords implements Workload {

    private PageRecords() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new PageRecords(), args);
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return 200_000;
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of("no body", ReactorNettyReads.links()),
                Contestant.of("headrace", HeadraceReads.pages()),
                Contestant.of("headrace, own codec", HeadraceReads.pagesByCodec()),
                Contestant.of("Reactor Netty + Jackson", ReactorNettyReads.pages()),
                Contestant.of("WebClient", WebClientReads.pages()),
                Contestant.of("OkHttp + Jackson", OkHttpReads.pages()));
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
