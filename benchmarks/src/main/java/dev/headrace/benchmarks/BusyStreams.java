package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** What an event costs by the number of streams that bring events at once; all of them together bring always as many. */
final class BusyStreams extends GrowthSuite {

    private static final String CPU = "CPU us/event";
    private static final String ALLOCATED = "bytes/event";
    private static final String WALL = "wall us/event";
    private static final String PEAK = "peak RSS MiB";

    private static final int DATA = 64;
    private static final int BLOCK = 500;
    /** So many that it does not matter what it takes to open the streams. */
    private static final int BLOCKS = 16_384;

    private static final int FEW_BLOCKS = 32;
    private static final int WARM_UPS = 1;
    private static final int PASSES = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "growth-busy-streams";
    }

    @Override
    public String title() {
        return "What an event costs by the number of busy streams in one process";
    }

    @Override
    String what() {
        return "streams";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick ? List.of(1L, 4L, 16L) : List.of(1L, 4L, 16L, 64L, 256L);
    }

    @Override
    List<String> columns() {
        return List.of(CPU, ALLOCATED, WALL, PEAK);
    }

    @Override
    String heap() {
        return "128m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "Headrace, one connector, events with 64 bytes of data as strings, an HTTP chunk for each; " + WARM_UPS
                + " + " + PASSES + " passes of " + events(knobs) + " events, all streams together";
    }

    @Override
    List<Cost> costs() {
        return List.of(
                Cost.each("CPU of streams with as many events each", CPU),
                Cost.each("Bytes for streams with as many events each", ALLOCATED));
    }

    @Override
    List<Goal> otherGoals() {
        return List.of(new Goal("peak memory: 256 streams / 1", true, result -> ratioToLargest(result, PEAK, 1), 1.5));
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("time for an event, us", List.of(CPU, WALL));
        panels.put("memory of the process, MiB", List.of(PEAK));
        return panels;
    }

    private static int events(GrowthKnobs knobs) {
        return (knobs.quick() ? FEW_BLOCKS : BLOCKS) * BLOCK;
    }

    private static int timesEach(long streams, GrowthKnobs knobs) {
        return (int) (events(knobs) / BLOCK / streams);
    }

    @Override
    DisposableServer serve(long value, GrowthKnobs knobs) {
        return EventServer.start(
                timesEach(value, knobs), EventText.block(DATA, BLOCK).events());
    }

    /** Of all streams together. */
    @Override
    Tally expected(long value, GrowthKnobs knobs) {
        Tally each = EventText.expected(EventText.block(DATA, BLOCK), timesEach(value, knobs));
        return new Tally(value * each.items(), value * each.sum());
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        Tally each = new Tally(expected.items() / value, expected.sum() / value);
        try (Connector connector = Connector.builder(url).build()) {
            EventStream stream =
                    EventStream.from(connector, Request.get("/events")).completeOnCleanEnd();
            Contestant.Pass pass = () -> readSideBySide(stream, (int) value, each);
            Measurement cost = Passes.measure(pass, expected, WARM_UPS, PASSES);
            return GrowthPoint.of(cost.cpuMicros(), cost.allocatedBytes(), cost.wallMicros(), cost.residentMebibytes());
        }
    }

    private static Tally readSideBySide(EventStream stream, int streams, Tally each) {
        List<Mono<Tally>> readers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Tally.Counter counter = new Tally.Counter();
            readers.add(stream.events()
                    .doOnNext(event -> counter.add(EventChecksum.of(event)))
                    .then(Mono.fromSupplier(counter::result))
                    .doOnNext(read -> read.check(each)));
        }
        return Mono.zip(readers, tallies -> {
                    long items = 0;
                    long sum = 0;
                    for (Object tally : tallies) {
                        items += ((Tally) tally).items();
                        sum += ((Tally) tally).sum();
                    }
                    return new Tally(items, sum);
                })
                .blockOptional(PATIENCE)
                .orElseThrow();
    }
}
