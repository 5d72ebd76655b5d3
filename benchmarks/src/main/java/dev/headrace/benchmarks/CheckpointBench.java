package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Decoder;
import dev.headrace.json.Codec;
import dev.headrace.pagination.Pagination;
import dev.headrace.sse.EventStream;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.CommitPolicy;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.Message;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.StreamRecord;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it takes to know how far one has come: the position of each event, and the state of a stream of records. Figures are those of an item. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CheckpointBench {

    private static final int EVENTS = 10_000;
    private static final int BLOCKS = 10;
    private static final int RECORDS = BLOCKS * ItemBlock.ITEMS;
    private static final Tally TEXTS = new Tally(EVENTS, EventBlock.SMALL.textSum());
    private static final Tally ITEMS = ItemBlock.expected(BLOCKS);

    private static final Tally PAGES = ItemBlock.expected(1);

    private final StateStore store = StateStore.inMemory();
    private final EventStream events = MemoryReads.stream(MemoryReads.events(EventBlock.SMALL));
    private final Connector connector = MemoryReads.answering("application/x-ndjson", MemoryReads.lines(BLOCKS));
    private final RecordStream<Item> records =
            RecordStream.of("items", Endpoint.get("/lines").decode(Decoder.ndjson(Codec.of(Item.class))));
    private final Connector pageConnector = MemoryReads.answeringPages();
    private final Endpoint<Item> pages = Endpoint.get("/pages")
            .paginate(Pagination.pageNumber("page").lastWhen(page -> page.number() == ItemBlock.ITEMS))
            .decode(Decoder.ndjson(Codec.of(Item.class)));
    private final RecordStream<Item> byTime = records.cursor(Cursor.datetime("/updatedAt"));

    /** A new benchmark; JMH makes it. */
    public CheckpointBench() {}

    /**
     * Events, each with a position that is saved in memory.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Object eventsSavedOneByOne() {
        return MemoryReads.read(
                events.events().transform(Checkpoints.committing(store, "events", CommitPolicy.eachElement())),
                EventChecksum::of,
                TEXTS);
    }

    /**
     * Events, of which each hundredth position is saved, as it is by default.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Object eventsSavedByHundred() {
        return MemoryReads.read(
                events.events().transform(Checkpoints.committing(store, "events", CommitPolicy.every(100))),
                EventChecksum::of,
                TEXTS);
    }

    /**
     * A stream of records without a cursor, with a checkpoint at its end.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object records() {
        return read(records, connector, ITEMS);
    }

    /**
     * The same with a cursor by time.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object recordsByTime() {
        return read(byTime, connector, ITEMS);
    }

    /**
     * Pages of one record, so the request for each is in it.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(ItemBlock.ITEMS)
    public Object recordPerPage() {
        return MemoryReads.read(pageConnector.records(pages), Item::checksum, PAGES);
    }

    /**
     * The same as a stream of records, with a checkpoint behind each, which says from which page on.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(ItemBlock.ITEMS)
    public Object checkpointPerRecord() {
        return read(RecordStream.of("items", pages), pageConnector, PAGES);
    }

    private static Object read(RecordStream<Item> stream, Connector connector, Tally expected) {
        return MemoryReads.read(stream.read(connector).mapNotNull(CheckpointBench::record), Item::checksum, expected);
    }

    private static @Nullable Item record(Message<Item> message) {
        if (message instanceof Checkpoint<Item> checkpoint) {
            // It is made when it is asked for.
            checkpoint.state();
        }
        return message instanceof StreamRecord<Item> record ? record.data() : null;
    }
}
