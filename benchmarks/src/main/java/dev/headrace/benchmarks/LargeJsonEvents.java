package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Events with about 8 KB of JSON in 82 lines, as records, in HTTP chunks of 16 KiB. */
final class LargeJsonEvents implements Workload {

    private static final int CHUNK = 16 * 1024;

    @Override
    public String name() {
        return "events-large-records";
    }

    @Override
    public String title() {
        return "About 8 KB of JSON in 82 lines of data to records";
    }

    @Override
    public String item() {
        return "event";
    }

    @Override
    public int items() {
        return 20_000;
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of("receive and count", ReactorNettyReads.receive("/events", ReportBlock.BLOCK.lines())),
                Contestant.of("headrace", HeadraceEvents.reports()),
                Contestant.of("WebClient", WebClientEvents.reports()),
                Contestant.of("okhttp-sse + Jackson", OkHttpEvents.reports()),
                Contestant.of("JDK HttpClient, lines + Jackson", JdkEvents.reports()));
    }

    @Override
    public Tally expected(Knobs knobs) {
        return ReportBlock.BLOCK.expectedRecords(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return EventServer.start(ReportBlock.BLOCK.times(knobs), ReportBlock.BLOCK.pieces(CHUNK));
    }
}
