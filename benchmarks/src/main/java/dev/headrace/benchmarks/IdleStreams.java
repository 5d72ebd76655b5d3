package dev.headrace.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.netty.DisposableServer;

/**
 * What event streams cost that are silent: each has had its first event, waits while memory is looked at, and shows by one more event that it
 * is alive. All of them by one connector, in one process.
 */
final class IdleStreams extends GrowthSuite {

    private static final String HEAP_PER_STREAM = "heap KiB/stream";
    private static final String RESIDENT_PER_STREAM = "RSS KiB/stream";
    private static final String DIRECT_PER_STREAM = "direct KiB/stream";
    private static final String THREADS = "threads";
    private static final String HEAP = "heap MiB";
    private static final String PEAK = "peak RSS MiB";
    private static final String CPU = "CPU us/stream to open";
    private static final String ALIVE = "alive";

    private static final long MOST = 10_000;
    private static final long MANY = 1_000;
    private static final int OPENING = 200;
    /** As many are opened and closed before the time to open is measured, and as many at least when it is. */
    private static final int WARM_STREAMS = 300;

    private static final int FEW_WARM_STREAMS = 20;
    private static final int SPARE_DESCRIPTORS = 200;
    private static final int CLASSES = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration CLOSING = Duration.ofMillis(20);
    private static final Duration SILENCE = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "growth-idle-streams";
    }

    @Override
    public String title() {
        return "What idle event streams in one process cost";
    }

    @Override
    String what() {
        return "streams";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick ? List.of(1L, 20L, 200L) : List.of(1L, 10L, 100L, 1_000L, MOST);
    }

    @Override
    List<String> columns() {
        return List.of(HEAP_PER_STREAM, RESIDENT_PER_STREAM, DIRECT_PER_STREAM, THREADS, HEAP, PEAK, CPU, ALIVE);
    }

    @Override
    String heap() {
        return "256m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "one connector, all defaults; memory is that above one stream that was opened and closed before, after the collector has run;"
                + " each stream has had an event, was silent for " + SILENCE.toSeconds()
                + " s, and has had another one afterwards; to open is measured when all that is over, after "
                + warmStreams(knobs) + " streams more, and of as many at least";
    }

    private static int warmStreams(GrowthKnobs knobs) {
        return knobs.quick() ? FEW_WARM_STREAMS : WARM_STREAMS;
    }

    @Override
    List<Cost> costs() {
        return List.of(Cost.each("Heap of all streams", HEAP_PER_STREAM), Cost.each("CPU to open all streams", CPU));
    }

    @Override
    List<Goal> otherGoals() {
        return List.of(
                new Goal("streams of 10,000 in a heap of 256 MB that did not live", true, IdleStreams::missing, 0),
                new Goal("threads: 10,000 streams / 100", true, result -> result.ratio("10,000", "100", THREADS), 1));
    }

    @Override
    List<String> remarks(SuiteResult result) {
        return List.of("RSS of a stream is given from " + label(MANY)
                + " streams on: that of fewer is lost in what the collector takes and gives back.");
    }

    private static double missing(SuiteResult result) {
        return MOST - result.figure("10,000", ALIVE);
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("heap of one stream, KiB", List.of(HEAP_PER_STREAM));
        panels.put("memory of the process, MiB", List.of(HEAP, PEAK));
        return panels;
    }

    @Override
    DisposableServer serve(long value, GrowthKnobs knobs) {
        requireDescriptors(values(knobs.quick()).get(values(knobs.quick()).size() - 1));
        return IdleServer.start();
    }

    /** A JVM raises its soft limit to the hard one by itself, so nobody else need do it. */
    private static void requireDescriptors(long streams) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() < streams + SPARE_DESCRIPTORS) {
            throw new IllegalStateException("A process may have " + unix.getMaxFileDescriptorCount()
                    + " open files here, and " + streams + " streams need one each; raise the hard limit (ulimit -Hn)");
        }
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        int count = Math.toIntExact(value);
        try (Connector connector = Connector.builder(url).build()) {
            Listeners warmUp = new Listeners(1);
            warmUp.open(connector);
            warmUp.cancel();
            Thread.sleep(SILENCE.toMillis());
            // In this order, so that what the one takes is in the other.
            Map<String, Memory.Objects> classesBefore = Memory.byClass();
            Memory before = Memory.now();

            Listeners listeners = new Listeners(count);
            listeners.open(connector);
            Thread.sleep(SILENCE.toMillis());
            Memory after = Memory.now();
            Map<String, Memory.Objects> classes = Memory.byClass();

            connector.exchange(Request.get("/again")).block(PATIENCE);
            int alive = listeners.awaitSecond();
            double peak = ProcessStatus.peak();
            listeners.cancel();
            Thread.sleep(SILENCE.toMillis());
            GrowthPoint point = GrowthPoint.of(
                    (after.heap() - before.heap()) / 1024 / count,
                    // What the collector takes and gives back is more than a few streams have.
                    count < MANY && !knobs.quick() ? Double.NaN : (after.resident() - before.resident()) / 1024 / count,
                    (after.direct() - before.direct()) / 1024 / count,
                    after.threads(),
                    after.heap() / (1 << 20),
                    peak,
                    microsToOpen(count, connector, warmStreams(knobs)),
                    alive);
            return value == MOST || knobs.quick() ? point.withNotes(largest(classesBefore, classes, count)) : point;
        }
    }

    /** CPU time of one stream in a warm process: of so many at once, as often as it takes for some hundred of them. */
    private static double microsToOpen(int count, Connector connector, int warm) throws Exception {
        for (int opened = 0; opened < warm; opened += count) {
            open(Math.min(count, warm), connector);
        }
        long nanos = 0;
        int opened = 0;
        do {
            nanos += open(count, connector);
            opened += count;
        } while (opened < warm);
        return nanos / 1e3 / opened;
    }

    private static long open(int count, Connector connector) throws Exception {
        Listeners listeners = new Listeners(count);
        long begin = Measurement.cpuNanos();
        listeners.open(connector);
        long nanos = Measurement.cpuNanos() - begin;
        listeners.cancel();
        // Connections are closed a little later, and that is no part of it.
        Thread.sleep(CLOSING.toMillis());
        return nanos;
    }

    /** Whose objects, and which, the heap of one stream consists of. */
    private static List<String> largest(
            Map<String, Memory.Objects> before, Map<String, Memory.Objects> after, int streams) {
        Memory.Objects none = new Memory.Objects(0, 0);
        Map<String, Memory.Objects> added = new TreeMap<>();
        after.forEach((name, objects) -> added.put(name, objects.less(before.getOrDefault(name, none))));
        Map<String, Memory.Objects> owners = new TreeMap<>();
        added.forEach((name, objects) -> owners.merge(owner(name), objects, Memory.Objects::plus));
        return Stream.concat(
                        byBytes(owners).map(owner -> "heap of a stream: " + described(owner, streams)),
                        byBytes(added)
                                .limit(CLASSES)
                                .map(each -> "heap of a stream by class: " + described(each, streams)))
                .toList();
    }

    private static Stream<Map.Entry<String, Memory.Objects>> byBytes(Map<String, Memory.Objects> objects) {
        return objects.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().bytes()));
    }

    private static String described(Map.Entry<String, Memory.Objects> objects, int streams) {
        return String.format(
                Locale.ROOT,
                "%.0f B in %.1f of %s",
                (double) objects.getValue().bytes() / streams,
                (double) objects.getValue().count() / streams,
                objects.getKey());
    }

    private static String owner(String className) {
        String element = className.replaceFirst("^\\[+L?", "");
        return Stream.of("dev.headrace.benchmarks", "dev.headrace", "reactor.netty", "reactor", "io.netty", "java")
                .filter(owner -> element.startsWith(owner + "."))
                .findFirst()
                .orElse("arrays of primitives, and others");
    }

    /** Those who wait for events. */
    private static final class Listeners {

        private final int count;
        private final Semaphore opening = new Semaphore(OPENING);
        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();
        private final CompletableFuture<Void> allFirst = new CompletableFuture<>();
        private final CompletableFuture<Void> allSecond = new CompletableFuture<>();
        private final List<Disposable> subscriptions = new ArrayList<>();

        Listeners(int count) {
            this.count = count;
        }

        /** Returns when all have had their first event. */
        void open(Connector connector) throws Exception {
            for (int i = 0; i < count; i++) {
                if (!opening.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Only " + first.get() + " of " + i + " streams had their event");
                }
                String name = Integer.toString(i);
                subscriptions.add(EventStream.from(connector, Request.get("/events/" + name))
                        .events()
                        .subscribe(event -> heard(name, event.data()), this::failed, () -> failed(null)));
            }
            allFirst.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        private void heard(String name, String data) {
            if (data.equals(name + " first")) {
                opening.release();
                if (first.incrementAndGet() == count) {
                    allFirst.complete(null);
                }
            } else if (data.equals(name + " again")) {
                if (second.incrementAndGet() == count) {
                    allSecond.complete(null);
                }
            } else {
                failed(new IllegalStateException("Stream " + name + " has heard " + data));
            }
        }

        private void failed(@Nullable Throwable failure) {
            Throwable why = failure == null ? new IllegalStateException("A stream has ended") : failure;
            allFirst.completeExceptionally(why);
            allSecond.completeExceptionally(why);
        }

        int awaitSecond() throws Exception {
            allSecond.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return second.get();
        }

        void cancel() {
            subscriptions.forEach(Disposable::dispose);
        }
    }
}
