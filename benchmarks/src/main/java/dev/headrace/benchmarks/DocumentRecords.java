package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Nested records out of one large document: with the defaults a million of them in about 255 MB. */
final class DocumentRecords implements Workload {

    private static final String SOCKET = "Jackson on a socket";
    private static final String HEADRACE = "headrace";
    private static final String CODEC = "headrace, own codec";
    private static final String WEB_CLIENT = "WebClient, whole document";
    private static final String OK_HTTP = "OkHttp + Jackson";
    private static final String JDK = "JDK HttpClient + Jackson";
    private static final String REACTOR_NETTY = "Reactor Netty + Jackson, whole document";

    private final boolean roomy;

    /**
     * Makes it.
     *
     * @param roomy whether there is a heap for the one who holds all of the document and all of its records; otherwise it is smaller than
     *     the document
     */
    DocumentRecords(boolean roomy) {
        this.roomy = roomy;
    }

    @Override
    public String name() {
        return roomy ? "document" : "document-64m";
    }

    @Override
    public String title() {
        return roomy
                ? "A million nested records out of one document of 255 MB"
                : "The same document in a heap of 64 MB";
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return 1_000_000;
    }

    /** Twice what fits: a document that fits would show nothing. */
    @Override
    public int quickItems() {
        return roomy ? 50_000 : 500_000;
    }

    @Override
    public String heap() {
        return roomy ? "2g" : "64m";
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of(SOCKET, SocketReads.document()),
                Contestant.of(HEADRACE, HeadraceReads.document()),
                Contestant.of(CODEC, HeadraceReads.documentByCodec()),
                Contestant.of(WEB_CLIENT, WebClientReads.document()),
                Contestant.of(OK_HTTP, OkHttpReads.document()),
                Contestant.of(JDK, JdkReads.document()),
                Contestant.of(REACTOR_NETTY, ReactorNettyReads.document()),
                Contestant.of("receive and count", ReactorNettyReads.receive("/document")));
    }

    @Override
    public List<Goal> goals() {
        Goals goals = Goals.per(item())
                .within(HEADRACE, SOCKET, 1.15, 1.05)
                .ahead(HEADRACE, OK_HTTP, 1.0, Goals.NONE)
                .within(CODEC, SOCKET, 0.6, 0.4);
        if (roomy) {
            // 2.5 million records in a second of one core.
            goals.aheadOfBest(CODEC, List.of(WEB_CLIENT, OK_HTTP, JDK, REACTOR_NETTY), Goals.NONE, 3)
                    .cpuBelow(CODEC, Goals.NONE, 0.4)
                    .bytesBelow(HEADRACE, 1_500, Goals.NONE)
                    .bytesBelow(CODEC, Goals.NONE, 760);
        }
        return goals.toList();
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
