package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Records one on a line: with the defaults a million of them. */
final class NdjsonRecords implements Workload {

    private static final String SOCKET = "Jackson on a socket";
    private static final String HEADRACE = "headrace";
    private static final String CODEC = "headrace, own codec";
    private static final String WEB_CLIENT = "WebClient";

    @Override
    public String name() {
        return "ndjson";
    }

    @Override
    public String title() {
        return "A million records, one on a line";
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return 1_000_000;
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of(SOCKET, SocketReads.lines()),
                Contestant.of(HEADRACE, HeadraceReads.lines()),
                Contestant.of(CODEC, HeadraceReads.linesByCodec()),
                Contestant.of(WEB_CLIENT, WebClientReads.lines()),
                Contestant.of("OkHttp + Jackson", OkHttpReads.lines()),
                Contestant.of("JDK HttpClient + Jackson", JdkReads.lines()),
                Contestant.of("Reactor Netty + Jackson, whole body", ReactorNettyReads.lines()),
                Contestant.of("receive and count", ReactorNettyReads.receive("/lines")));
    }

    @Override
    public List<Goal> goals() {
        return Goals.per(item())
                .ahead(HEADRACE, WEB_CLIENT, 1.3, Goals.NONE)
                .within(HEADRACE, SOCKET, 1.1, 1.0)
                .ahead(CODEC, WEB_CLIENT, Goals.NONE, 3.2)
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
