package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Small events as records, in HTTP chunks of 16 KiB: with the defaults two million of about 60 bytes of JSON. */
public final class JsonEvents implements Workload {

    private static final int CHUNK = 16 * 1024;

    JsonEvents() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new JsonEvents(), args);
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
                Contestant.of("headrace", HeadraceEvents.ticks()),
                Contestant.of("headrace, own codec", HeadraceEvents.ticksByCodec()),
                Contestant.of("WebClient", WebClientEvents.ticks()),
                Contestant.of("okhttp-sse + Jackson", OkHttpEvents.ticks()),
                Contestant.of("JDK HttpClient, lines + Jackson", JdkEvents.ticks()));
    }

    @Override
    public Tally expected(Knobs knobs) {
        return EventBlock.SMALL.expectedTicks(knobs);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return EventServer.start(EventBlock.SMALL.times(knobs), EventBlock.SMALL.pieces(CHUNK));
    }
}
