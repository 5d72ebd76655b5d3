package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Events of about 8 KB in 80 lines as text, in HTTP chunks of 16 KiB: with the defaults forty thousand. */
final class LargeEvents implements Workload {

    private static final int CHUNK = 16 * 1024;

    @Override
    public String name() {
        return "events-large";
    }

    @Override
    public String title() {
        return "Events of about 8 KB in 80 lines as text";
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
    public List<Goal> goals() {
        return Goals.per(item())
                .ahead(StringEvents.HEADRACE, StringEvents.WEB_CLIENT, 10, 12)
                .aheadOfBest(StringEvents.HEADRACE, StringEvents.PEERS, 3, Goals.NONE)
                .within(StringEvents.HEADRACE, StringEvents.LIMIT, 1.2, 1.0)
                .toList();
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
