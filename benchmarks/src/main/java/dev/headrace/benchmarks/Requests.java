package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.DisposableServer;

/** Tiny requests, so many in flight: what a call costs besides its bytes. */
final class Requests implements Workload {

    static final String PATH = "/tiny";

    private static final String REACTOR_NETTY = "Reactor Netty";
    private static final String HEADRACE = "headrace";
    private static final String WEB_CLIENT = "WebClient";

    private final int inFlight;

    Requests(int inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public String name() {
        return "requests-" + inFlight;
    }

    @Override
    public String title() {
        return "Tiny requests, " + inFlight + " in flight";
    }

    @Override
    public String item() {
        return "request";
    }

    /** About half a second's. */
    @Override
    public int items() {
        return inFlight == 1 ? 5_000 : 20_000;
    }

    /** A call runs through more code than anything else here, and fewer times. */
    @Override
    public Duration warmup() {
        return Duration.ofSeconds(4);
    }

    @Override
    public int quickItems() {
        return 1_000;
    }

    @Override
    public List<Contestant> contestants() {
        List<Contestant> contestants = new ArrayList<>(List.of(
                Contestant.of(REACTOR_NETTY, ReactorNettyCalls.byDefault(inFlight)),
                Contestant.of("Reactor Netty, timer on a wheel", ReactorNettyCalls.withWheelTimer(inFlight)),
                Contestant.of(HEADRACE, HeadraceCalls.byDefault(inFlight)),
                Contestant.of(WEB_CLIENT, WebClientCalls.byDefault(inFlight)),
                Contestant.of("JDK HttpClient, async", JdkCalls.async(inFlight)),
                Contestant.of("OkHttp, a thread for each in flight", OkHttpCalls.onThreads(inFlight)),
                Contestant.of("bare Netty", NettyCalls.bare(inFlight))));
        if (inFlight == 1) {
            contestants.add(Contestant.of("bare socket", SocketCalls.blocking()));
        }
        return contestants;
    }

    /** One at a time is told for comparison. */
    @Override
    public List<Goal> goals() {
        if (inFlight == 1) {
            return List.of();
        }
        return Goals.per(item())
                .within(HEADRACE, REACTOR_NETTY, 1.05, 0.75)
                .ahead(HEADRACE, WEB_CLIENT, 1.1, 1.5)
                .bytesBelow(HEADRACE, 9_000, Goals.NONE)
                .toList();
    }

    @Override
    public Tally expected(Knobs knobs) {
        return new Tally(knobs.items(), (long) knobs.items() * TinyServer.BODY.length);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return TinyServer.start();
    }
}
