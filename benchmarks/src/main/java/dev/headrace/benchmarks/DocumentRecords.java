package dev.headrace.benchmarks;

import java.util.List;
import reactor.netty.DisposableServer;

/** Nested records out of one large document: with the defaults a million of them in about 255 MB. */
public final class DocumentRecords implements Workload {

    private DocumentRecords() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new DocumentRecords(), args);
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return 1_000_000;
    }

    /** Room for the one who holds all of the document and all of its records. */
    @Override
    public String heap() {
        return "2g";
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of("Jackson on a socket", SocketReads.document()),
                Contestant.of("headrace", HeadraceReads.document()),
                Contestant.of("headrace, own codec", HeadraceReads.documentByCodec()),
                Contestant.of("WebClient, whole document", WebClientReads.document()),
                Contestant.of("OkHttp + Jackson", OkHttpReads.document()),
                Contestant.of("receive and count", ReactorNettyReads.receive("/document")));
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
