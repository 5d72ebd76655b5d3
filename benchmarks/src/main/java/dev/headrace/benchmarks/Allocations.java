package dev.headrace.benchmarks;

import dev.headrace.json.Codec;
import dev.headrace.sse.EventStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;

/**
 * What one item allocates on the heap, through all of the library but the socket, by the thread that reads. Unlike time, this comes out the
 * same on every machine and under any load, so the build holds it against limits.
 *
 * <p>How it comes out the same. The compiler takes objects away that never leave a method, and later passes allocate less than earlier ones:
 * so passes go on until none has been cheaper for a while, and the cheapest counts. Each kind of item has a process of its own, for what
 * else runs in one changes what is compiled how; and that process waits for its compiler, for what is compiled while it works on is
 * compiled by chance. No agent of a test is in it.
 */
public final class Allocations {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    // Passes, not seconds: a busy machine may take ten seconds for the first.
    private static final int NONE_CHEAPER = 30;
    private static final int AT_MOST = 500;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    // 10 MB, of which the first MiB is held back until it is complete; that must not weigh much.
    private static final int BLOCKS = 400;
    private static final int REQUESTS = 10_000;

    /** What is read in a pass. */
    enum Kind {
        TEXT_EVENT(EventBlock.SMALL.events().size()) {
            @Override
            Runnable pass() {
                EventStream stream = MemoryReads.stream(MemoryReads.events(EventBlock.SMALL));
                Tally expected = new Tally(items, EventBlock.SMALL.textSum());
                return () -> MemoryReads.read(stream.events(), EventChecksum::of, expected);
            }
        },
        RECORD_EVENT(EventBlock.SMALL.events().size()) {
            @Override
            Runnable pass() {
                EventStream stream = MemoryReads.stream(MemoryReads.events(EventBlock.SMALL));
                Codec<Tick> codec = Codec.of(Tick.class);
                Tally expected = new Tally(items, EventBlock.SMALL.recordSum());
                return () -> MemoryReads.read(stream.events(codec), Tick::checksum, expected);
            }
        },
        DOCUMENT_RECORD(BLOCKS * ItemBlock.ITEMS) {
            @Override
            Runnable pass() {
                Flux<Item> records = MemoryReads.document(MemoryReads.document(BLOCKS), Codec.of(Item.class));
                return () -> MemoryReads.read(records, Item::checksum, ItemBlock.expected(BLOCKS));
            }
        },
        LINE_RECORD(BLOCKS * ItemBlock.ITEMS) {
            @Override
            Runnable pass() {
                Flux<Item> records = MemoryReads.lines(MemoryReads.lines(BLOCKS), Codec.of(Item.class));
                return () -> MemoryReads.read(records, Item::checksum, ItemBlock.expected(BLOCKS));
            }
        },
        REQUEST(REQUESTS) {
            @Override
            Runnable pass() {
                ChainBench chain = new ChainBench();
                return () -> {
                    int length = 0;
                    for (int i = 0; i < REQUESTS; i++) {
                        length += chain.full();
                    }
                    new Tally(REQUESTS, length).check(new Tally(REQUESTS, 2L * REQUESTS));
                };
            }
        };

        final int items;

        Kind(int items) {
            this.items = items;
        }

        /** Makes what is not measured, for the passes, which are. */
        abstract Runnable pass();
    }

    private Allocations() {}

    /**
     * Measures.
     *
     * @param args none; within a process that measures one kind, its name
     * @throws InterruptedException if interrupted while a process runs
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            System.out.printf(Locale.ROOT, "%.1f%n", here(Kind.valueOf(args[0])));
            return;
        }
        for (Kind kind : Kind.values()) {
            System.out.printf(Locale.ROOT, "%-16s %,10.1f B%n", kind.name().toLowerCase(Locale.ROOT), bytes(kind));
        }
    }

    /** Bytes of one item, measured in a process of its own. */
    static double bytes(Kind kind) throws InterruptedException {
        List<String> command = List.of(
                ChildProcess.JAVA,
                "-Xmx256m",
                // Waits for the compiler.
                "-Xbatch",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                Allocations.class.getName(),
                kind.name());
        try {
            return Double.parseDouble(ChildProcess.run(command, LIMIT).lastLine());
        } catch (Turn.FailedException | NumberFormatException e) {
            throw new IllegalStateException("No figure for " + kind, e);
        }
    }

    private static double here(Kind kind) {
        Runnable pass = kind.pass();
        long least = Long.MAX_VALUE;
        int sinceCheaper = 0;
        for (int passes = 0; passes < AT_MOST && sinceCheaper < NONE_CHEAPER; passes++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            pass.run();
            long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            // A tenth of a percent is no news, or there would be no end of it.
            sinceCheaper = bytes < least - least / 1_000 ? 0 : sinceCheaper + 1;
            least = Math.min(least, bytes);
        }
        return (double) least / kind.items;
    }
}
