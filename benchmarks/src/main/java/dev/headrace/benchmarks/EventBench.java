package dev.headrace.benchmarks;

import dev.headrace.json.Codec;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseDecoder;
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

/** Events from memory: the parser alone, and a stream of a connector, which counts, resumes and reconnects. Figures are those of an event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventBench {

    private static final int SMALL = 10_000;
    private static final int LARGE = 100;
    private static final Tally TEXTS = new Tally(SMALL, EventBlock.SMALL.textSum());
    private static final Tally LARGE_TEXTS = new Tally(LARGE, EventBlock.LARGE.textSum());
    private static final Tally TICKS = new Tally(SMALL, EventBlock.SMALL.recordSum());

    private final SseDecoder decoder = SseDecoder.create();
    private final Flux<ByteBuffer> small = MemoryReads.events(EventBlock.SMALL);
    private final Flux<ByteBuffer> perChunk = MemoryReads.eventPerChunk(EventBlock.SMALL);
    private final Flux<ByteBuffer> large = MemoryReads.events(EventBlock.LARGE);
    private final EventStream stream = MemoryReads.stream(small);
    private final EventStream largeStream = MemoryReads.stream(large);
    private final Codec<Tick> jackson = Codec.of(Tick.class);
    private final Codec<Tick> oneByOne = MemoryReads.oneByOne(jackson);
    private final Codec<Tick> own = new TickCodec();

    /** A new benchmark; JMH makes it. */
    public EventBench() {}

    /**
     * Events of about 100 bytes in chunks of 16 KiB, by the parser alone.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public Object parseSmall() {
        return MemoryReads.read(decoder.decode(small), EventChecksum::of, TEXTS);
    }

    /**
     * The same events, each in a chunk of its own.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public Object parseEventPerChunk() {
        return MemoryReads.read(decoder.decode(perChunk), EventChecksum::of, TEXTS);
    }

    /**
     * Events of about 8 KB in 80 lines.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(LARGE)
    public Object parseLarge() {
        return MemoryReads.read(decoder.decode(large), EventChecksum::of, LARGE_TEXTS);
    }

    /**
     * The small events as text, as a connector's stream.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public Object streamSmall() {
        return MemoryReads.read(stream.events(), EventChecksum::of, TEXTS);
    }

    /**
     * The large events as text, as a connector's stream.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(LARGE)
    public Object streamLarge() {
        return MemoryReads.read(largeStream.events(), EventChecksum::of, LARGE_TEXTS);
    }

    /**
     * The small events as records with Jackson, which reads many with one parser.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public Object streamRecords() {
        return MemoryReads.read(stream.events(jackson), Tick::checksum, TICKS);
    }

    /**
     * The same with a parser for each.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public Object streamRecordsOneByOne() {
        return MemoryReads.read(stream.events(oneByOne), Tick::checksum, TICKS);
    }

    /**
     * The same with a codec written for the record.
     *
     * @return what was seen
     */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public Object streamRecordsByCodec() {
        return MemoryReads.read(stream.events(own), Tick::checksum, TICKS);
    }
}
