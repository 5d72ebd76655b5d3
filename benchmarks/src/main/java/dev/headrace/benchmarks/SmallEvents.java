package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Small events as text, in HTTP chunks of 16 KiB: with the defaults two million of about 100 bytes. */
final class SmallEvents implements Workload {

    private static final int CHUNK = 16 * 1024;

    @Override
    public String name() {
        return "events-small";
    }

    @Override
    public String title() {
        return "Two million small events as text, in HTTP chunks of 16 KiB";
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
    public List<Goal> goals() {
        return Goals.per(item())
                .ahead(StringEvents.HEADRACE, StringEvents.WEB_CLIENT, 7, 10)
                .aheadOfBest(StringEvents.HEADRACE, StringEvents.PEERS, 2, Goals.NONE)
                .within(StringEvents.HEADRACE, StringEvents.LIMIT, 3.3, 2.5)
                .bytesBelow(StringEvents.HEADRACE, 190, 120)
                .within(StringEvents.BOUNDED, StringEvents.UNBOUNDED, 1.10, 1.03)
                .toList();
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
