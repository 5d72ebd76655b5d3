package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventLimits;
import dev.headrace.sse.EventStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reactor.netty.DisposableServer;

/** What an event costs by the length of its data, read as text; the bytes of a pass are always the same. */
final class EventSizes extends GrowthSuite {

    private static final String CPU_PER_BYTE = "CPU ns/byte";
    private static final String CPU = "CPU us/event";
    private static final String ALLOCATED = "bytes/event";
    private static final String ALLOCATED_PER_BYTE = "bytes/byte";
    private static final String WALL = "wall us/event";
    private static final String PEAK = "peak RSS MiB";

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final int CHUNK = 16 * 1024;
    private static final int BLOCK = 1024 * 1024;
    /** Up to here, events fit into an array that is used again. */
    private static final long SPARE = 16 * KIB;

    private static final int LIMIT = 32 * 1024 * 1024;
    private static final int WARM_UPS = 2;
    private static final int PASSES = 3;

    @Override
    public String name() {
        return "growth-event-size";
    }

    @Override
    public String title() {
        return "What an event costs by its size";
    }

    @Override
    String what() {
        return "bytes of data in an event";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick
                ? List.of(64L, 4 * KIB, 256 * KIB)
                : List.of(64L, 256L, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB);
    }

    @Override
    String label(long value) {
        return value < KIB ? value + " B" : value < MIB ? value / KIB + " KiB" : value / MIB + " MiB";
    }

    @Override
    List<String> columns() {
        return List.of(CPU_PER_BYTE, CPU, ALLOCATED, ALLOCATED_PER_BYTE, WALL, PEAK);
    }

    @Override
    String heap() {
        return "256m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "Headrace, id, name and data as strings, in HTTP chunks of 16 KiB; " + WARM_UPS + " + " + PASSES
                + " passes of " + passBytes(knobs) / MIB + " MiB of data; the limit of an event is set to 32 MiB";
    }

    @Override
    List<Cost> costs() {
        return List.of(
                Cost.whole("CPU of an event", CPU),
                Cost.whole("Bytes for an event", ALLOCATED).from(MIB));
    }

    @Override
    List<Goal> otherGoals() {
        return List.of(
                new Goal(
                        "CPU of a byte: event of 16 MiB / event of 64 B",
                        true,
                        result -> ratioToLargest(
                                result, CPU_PER_BYTE, values(false).get(0)),
                        1),
                // What is too long for that array makes others, each time.
                new Goal(
                        "CPU of a byte: event of 16 MiB / event of 16 KiB",
                        false,
                        result -> ratioToLargest(result, CPU_PER_BYTE, SPARE),
                        Trend.LINEAR));
    }

    @Override
    List<String> remarks(SuiteResult result) {
        List<Long> values = known(result);
        if (!values.contains(16 * MIB)) {
            return List.of();
        }
        long least = values.get(0);
        long most = values.get(values.size() - 1);
        double more = result.figure(label(most), PEAK) - result.figure(label(least), PEAK);
        return List.of(String.format(
                Locale.ROOT,
                "Memory is not flat, for an event is held whole: its bytes in an array that doubles as they come, then its text."
                        + " An event of %s allocates %.1f times its data; one of %s allocates %.1f times its data."
                        + " The process with the largest events has %.0f MiB more at its peak than that with the smallest.",
                label(most),
                result.figure(label(most), ALLOCATED_PER_BYTE),
                label(SPARE),
                result.figure(label(SPARE), ALLOCATED_PER_BYTE),
                more));
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("CPU of a byte, ns", List.of(CPU_PER_BYTE));
        panels.put("allocated on the heap for an event, bytes", List.of(ALLOCATED));
        panels.put("memory of the process, MiB", List.of(PEAK));
        return panels;
    }

    private static long passBytes(GrowthKnobs knobs) {
        return knobs.quick() ? 2 * MIB : 256 * MIB;
    }

    private static EventBlock block(long value) {
        return EventText.block((int) value, (int) Math.max(1, BLOCK / value));
    }

    private static int times(long value, EventBlock block, GrowthKnobs knobs) {
        return (int) Math.max(1, passBytes(knobs) / (value * block.events().size()));
    }

    @Override
    DisposableServer serve(long value, GrowthKnobs knobs) {
        EventBlock block = block(value);
        return EventServer.start(times(value, block, knobs), block.pieces(CHUNK));
    }

    @Override
    Tally expected(long value, GrowthKnobs knobs) {
        EventBlock block = block(value);
        return EventText.expected(block, times(value, block, knobs));
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        try (Connector connector = Connector.builder(url).build()) {
            EventStream stream = EventStream.from(connector, Request.get("/events"))
                    .limits(EventLimits.defaults().event(LIMIT))
                    .completeOnCleanEnd();
            Contestant.Pass pass = Contestant.flux(stream::events, EventChecksum::of);
            Measurement cost = Passes.measure(pass, expected, WARM_UPS, PASSES);
            return GrowthPoint.of(
                    cost.cpuMicros() * 1e3 / value,
                    cost.cpuMicros(),
                    cost.allocatedBytes(),
                    cost.allocatedBytes() / value,
                    cost.wallMicros(),
                    cost.residentMebibytes());
        }
    }
}
