package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.List;
import reactor.netty.DisposableServer;

/** Records of pages of a hundred, each named by the {@code Link} header of the one before. */
final class PageRecords implements Workload {

    private static final String LIMIT = "no body";
    private static final String HEADRACE = "headrace";
    private static final String CODEC = "headrace, own codec";
    private static final String WEB_CLIENT = "WebClient";
    private static final List<String> PEERS =
            List.of("Reactor Netty + Jackson", WEB_CLIENT, "OkHttp + Jackson", "JDK HttpClient + Jackson");

    private final boolean slow;

    /**
     * Makes it.
     *
     * @param slow whether the server thinks for 20 ms before each answer, so that the time on the clock says who waits for nothing else
     */
    PageRecords(boolean slow) {
        this.slow = slow;
    }

    @Override
    public String name() {
        return slow ? "pages-latency" : "pages";
    }

    @Override
    public String title() {
        return slow
                ? "Pages of 100 records from a server that thinks for 20 ms before each; look at the time on the clock"
                : "2,000 pages of 100 records, by Link header";
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return slow ? 5_000 : 200_000;
    }

    @Override
    public int quickItems() {
        return slow ? 1_000 : 10_000;
    }

    /** A page runs through all there is, a few thousand times a second: the compiler takes its time. */
    @Override
    public Duration warmup() {
        return Duration.ofSeconds(slow ? 4 : 12);
    }

    @Override
    public Duration latency() {
        return Duration.ofMillis(slow ? 20 : 0);
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of(LIMIT, ReactorNettyReads.links()),
                Contestant.of(HEADRACE, HeadraceReads.pages()),
                Contestant.of(CODEC, HeadraceReads.pagesByCodec()),
                Contestant.of(PEERS.get(0), ReactorNettyReads.pages()),
                Contestant.of(WEB_CLIENT, WebClientReads.pages()),
                Contestant.of(PEERS.get(2), OkHttpReads.pages()),
                Contestant.of(PEERS.get(3), JdkReads.pages()));
    }

    @Override
    public List<Goal> goals() {
        if (slow) {
            // Nothing but the latency, with what a timer in milliseconds may add.
            return Goals.per(item())
                    .wallWithin(HEADRACE, LIMIT, Goals.NONE, 1.05)
                    .toList();
        }
        return Goals.per(item())
                .aheadOfBest(HEADRACE, PEERS, 1.15, Goals.NONE)
                .within(HEADRACE, LIMIT, 3.4, Goals.NONE)
                .ahead(CODEC, WEB_CLIENT, Goals.NONE, 2.8)
                .within(CODEC, LIMIT, Goals.NONE, 1.2)
                .toList();
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
