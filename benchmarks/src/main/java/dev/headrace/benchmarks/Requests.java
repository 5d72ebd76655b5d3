package dev.headrace.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.DisposableServer;

/** Tiny requests, so many in flight: what a call costs besides its bytes. */
final class Requests implements Workload {

    static final String PATH = "/tiny";

    /** As many as a connector has by default. */
    private static final int CONNECTIONS = 50;

    private static final String REACTOR_NETTY = "Reactor Netty, pool of " + CONNECTIONS;
    private static final String HEADRACE = "headrace, pool of " + CONNECTIONS;
    private static final String WEB_CLIENT = "WebClient, pool of 500";

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

    /** A call runs through more code than most, and fewer times: with less, a part of what is measured is the compiler. */
    @Override
    public Duration warmup() {
        return Duration.ofSeconds(8);
    }

    @Override
    public int quickItems() {
        return 1_000;
    }

    @Override
    public List<Contestant> contestants() {
        List<Contestant> contestants = new ArrayList<>(List.of(
                Contestant.of(REACTOR_NETTY, ReactorNettyCalls.pooled(CONNECTIONS, inFlight)),
                Contestant.of(
                        REACTOR_NETTY + ", timer on a wheel", ReactorNettyCalls.withWheelTimer(CONNECTIONS, inFlight)),
                Contestant.of("Reactor Netty, its own pool of 500", ReactorNettyCalls.byDefault(inFlight)),
                Contestant.of(HEADRACE, HeadraceCalls.byDefault(inFlight)),
                Contestant.of(WEB_CLIENT, WebClientCalls.byDefault(inFlight)),
                Contestant.of("JDK HttpClient, async, no pool limit", JdkCalls.async(inFlight)),
                Contestant.of("OkHttp, a thread and connection for each in flight", OkHttpCalls.onThreads(inFlight)),
                Contestant.of("bare Netty, a connection for each in flight", NettyCalls.bare(inFlight))));
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
    public List<String> notes() {
        return inFlight <= CONNECTIONS
                ? List.of()
                : List.of(
                        "Headrace is held against the Reactor Netty that has as many connections: with fewer connections than calls in"
                                + " flight some calls wait for one, which costs something, and those of a pool of 500 never do");
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
