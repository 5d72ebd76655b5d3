package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Small events as text, each in an HTTP chunk of its own, as servers send that flush after each: with the defaults two million. */
final class EventPerChunk implements Workload {

    @Override
    public String name() {
        return "events-per-chunk";
    }

    @Override
    public String title() {
        return "The same small events, each in an HTTP chunk of its own, as most servers send them";
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
                .ahead(StringEvents.HEADRACE, StringEvents.WEB_CLIENT, 5, 9)
                .aheadOfBest(StringEvents.HEADRACE, StringEvents.PEERS, 1.2, 2.2)
                .within(StringEvents.HEADRACE, StringEvents.LIMIT, Goals.NONE, 0.8)
                .toList();
    }

    @Override
    public Tally expected(Knobs knobs) {
        return EventBlock.SMALL.expectedTexts(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return EventServer.start(EventBlock.SMALL.times(knobs), EventBlock.SMALL.events());
    }
}
