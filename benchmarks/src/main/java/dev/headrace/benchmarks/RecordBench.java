package dev.headrace.benchmarks;

import dev.headrace.decode.CsvFormat;
import dev.headrace.decode.Decoder;
import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;
import dev.headrace.json.RecordScanner;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;

/** Records from memory, in chunks of 16 KiB: found only, and read by several codecs. Figures are those of a record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBench {

    private static final int BLOCKS = 100;
    private static final int RECORDS = BLOCKS * ItemBlock.ITEMS;
    private static final Tally ITEMS = ItemBlock.expected(BLOCKS);
    private static final Tally FOUND = new Tally(RECORDS, RECORDS);
    private static final Tally ROWS = new Tally(RECORDS, EventBlock.SMALL.recordSum());

    private static final int LIMIT = 8 * 1024 * 1024;
    private static final int DEPTH = 500;

    private final Flux<ByteBuffer> document = MemoryReads.document(BLOCKS);
    private final Flux<ByteBuffer> lines = MemoryReads.lines(BLOCKS);
    private final Flux<ByteBuffer> rows = MemoryReads.rows();
    private final byte[] whole = MemoryReads.bytes(document);

    private final Codec<Item> jackson = Codec.of(Item.class);
    private final Codec<Item> oneByOne = MemoryReads.oneByOne(jackson);
    private final Codec<Item> own = new ItemCodec();
    private final Decoder<Tick> csv = Decoder.csv(CsvFormat.rfc4180().header(), Tick.class);
    // Makes nothing, so that what is left is what it takes to find them.
    private final Codec<Boolean> found = (bytes, from, to) -> bytes[from] == '{';

    /** A new benchmark; JMH makes it. */
    public RecordBench() {}

    /**
     * The scanner alone, over a document that lies in one array.
     *
     * @return bytes of the records
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long scanDocument() {
        RecordScanner scanner = new RecordScanner(Pointer.of("/data/items"), LIMIT, DEPTH);
        int from = 0;
        long length = 0;
        long records = 0;
        while (scanner.next(whole, from, whole.length)) {
            records++;
            length += scanner.recordTo() - scanner.recordFrom();
            from += scanner.used();
        }
        Tally.counted(records).check(FOUND);
        return length;
    }

    /**
     * Nested records of a document, found and not read.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object findInDocument() {
        return MemoryReads.read(MemoryReads.decoded(document, Decoder.items("/data/items", found)), record -> 1, FOUND);
    }

    /**
     * The same, with Jackson, which reads many with one parser.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object document() {
        return MemoryReads.read(
                MemoryReads.decoded(document, Decoder.items("/data/items", jackson)), Item::checksum, ITEMS);
    }

    /**
     * The same, with a parser for each.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object documentOneByOne() {
        return MemoryReads.read(
                MemoryReads.decoded(document, Decoder.items("/data/items", oneByOne)), Item::checksum, ITEMS);
    }

    /**
     * The same, with a codec written for the record.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object documentByCodec() {
        return MemoryReads.read(
                MemoryReads.decoded(document, Decoder.items("/data/items", own)), Item::checksum, ITEMS);
    }

    /**
     * Records one on a line, found and not read.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object findLines() {
        return MemoryReads.read(MemoryReads.decoded(lines, Decoder.ndjson(found)), record -> 1, FOUND);
    }

    /**
     * The same, with Jackson, which reads many with one parser.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object lines() {
        return MemoryReads.read(MemoryReads.decoded(lines, Decoder.ndjson(jackson)), Item::checksum, ITEMS);
    }

    /**
     * The same, with a parser for each.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object linesOneByOne() {
        return MemoryReads.read(MemoryReads.decoded(lines, Decoder.ndjson(oneByOne)), Item::checksum, ITEMS);
    }

    /**
     * The same, with a codec written for the record.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object linesByCodec() {
        return MemoryReads.read(MemoryReads.decoded(lines, Decoder.ndjson(own)), Item::checksum, ITEMS);
    }

    /**
     * Rows of CSV with four columns and their names in the first.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Object rows() {
        return MemoryReads.read(MemoryReads.decoded(rows, csv), Tick::checksum, ROWS);
    }
}
