package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Small events as records, in HTTP chunks of 16 KiB: with the defaults two million of about 60 bytes of JSON. */
final class JsonEvents implements Workload {

    private static final String HEADRACE = "headrace";
    private static final String CODEC = "headrace, own codec";
    private static final String TEXTS = "headrace, texts";
    private static final String WEB_CLIENT = "WebClient";
    private static final List<String> PEERS = List.of(
            WEB_CLIENT, "okhttp-sse + Jackson", "okhttp-eventsource + Jackson", "JDK HttpClient, lines + Jackson");
    private static final int CHUNK = 16 * 1024;

    @Override
    public String name() {
        return "events-records";
    }

    @Override
    public String title() {
        return "The JSON of two million small events to records";
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
        return List.of(
                Contestant.of("receive and count", ReactorNettyReads.receive("/events", EventBlock.SMALL.lines())),
                Contestant.of(HEADRACE, HeadraceEvents.ticks()),
                Contestant.of(CODEC, HeadraceEvents.ticksByCodec()),
                Contestant.of(TEXTS, HeadraceEvents.textsForTicks()),
                Contestant.of(WEB_CLIENT, WebClientEvents.ticks()),
                Contestant.of(PEERS.get(1), OkHttpEvents.ticks()),
                Contestant.of(PEERS.get(2), LaunchDarklyEvents.ticks()),
                Contestant.of(PEERS.get(3), JdkEvents.ticks()));
    }

    @Override
    public List<Goal> goals() {
        return Goals.per(item())
                .ahead(HEADRACE, WEB_CLIENT, 3.2, 5)
                .aheadOfBest(HEADRACE, PEERS, Goals.NONE, 1.3)
                .bytesBelow(HEADRACE, 1_250, 550)
                .ahead(CODEC, WEB_CLIENT, 9, 12)
                .aheadOfBest(CODEC, PEERS, 3, Goals.NONE)
                .bytesBelow(CODEC, Goals.NONE, 100)
                .within(CODEC, TEXTS, Goals.NONE, 1.0)
                .toList();
    }

    @Override
    public Tally expected(Knobs knobs) {
        return EventBlock.SMALL.expectedRecords(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return EventServer.start(EventBlock.SMALL.times(knobs), EventBlock.SMALL.pieces(CHUNK));
    }
}
