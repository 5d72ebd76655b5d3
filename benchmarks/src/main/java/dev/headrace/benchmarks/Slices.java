package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Headers;
import dev.headrace.http.Response;
import dev.headrace.json.Json;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import tools.jackson.databind.JsonNode;

/**
 * What a slice of a record stream costs by the number of slices: one page with ten records each, answered from memory. Once the records alone,
 * once with their checkpoints saved as the guide says, once a run that goes on from the state of the one before.
 */
final class Slices extends GrowthSuite {

    private static final String CPU = "CPU us/slice";
    private static final String CPU_SAVING = "CPU us/slice, saving";
    private static final String CPU_RESUMING = "CPU us/slice, resuming";
    private static final String ALLOCATED = "bytes/slice";
    private static final String ALLOCATED_SAVING = "bytes/slice, saving";
    private static final String STATE = "state bytes/slice";
    private static final String PEAK = "peak RSS MiB";

    private static final int RECORDS = 10;
    private static final long SLICES = 10_000;
    private static final long FEW_SLICES = 200;
    private static final long WARM_SLICES = 100;
    private static final String KEY = "slices";
    private static final Instant BEGINNING = Instant.parse("2024-01-01T00:00:00Z");

    /** What the pages hold. */
    record Reading(long id, String updated) {}

    @Override
    public String name() {
        return "growth-slices";
    }

    @Override
    public String title() {
        return "What a slice of a record stream costs by their number";
    }

    @Override
    String what() {
        return "slices";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick ? List.of(1L, 20L, FEW_SLICES) : List.of(1L, 10L, 100L, 1_000L, SLICES);
    }

    @Override
    List<String> columns() {
        return List.of(CPU, CPU_SAVING, CPU_RESUMING, ALLOCATED, ALLOCATED_SAVING, STATE, PEAK);
    }

    @Override
    String heap() {
        return "256m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "slices of one page with " + RECORDS
                + " records, answered from memory by an interceptor; a cursor by time and a key;"
                + " saving: Checkpoints.committing with its defaults, into memory; resuming: the next run from that state; "
                + total(knobs)
                + " slices to warm up and as many measured, in as many runs as it takes; where there are more than "
                + WARM_SLICES + ", runs that warm up have " + WARM_SLICES;
    }

    @Override
    List<Cost> costs() {
        return List.of(
                Cost.each("CPU of all slices", CPU),
                Cost.each("CPU of all slices with saving", CPU_SAVING),
                Cost.each("CPU of all slices with resuming and saving", CPU_RESUMING),
                Cost.each("Bytes for all slices with saving", ALLOCATED_SAVING),
                Cost.each("The state", STATE));
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("CPU of a slice, us", List.of(CPU, CPU_SAVING, CPU_RESUMING));
        panels.put("allocated on the heap for a slice, bytes", List.of(ALLOCATED, ALLOCATED_SAVING));
        panels.put("memory of the process, MiB", List.of(PEAK));
        return panels;
    }

    private static long total(GrowthKnobs knobs) {
        return knobs.quick() ? FEW_SLICES : SLICES;
    }

    @Override
    @Nullable
    DisposableServer serve(long value, GrowthKnobs knobs) {
        return null;
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        try (Connector connector = answering()) {
            // What is worse than linear would take long enough once.
            Kinds warmUp = new Kinds(Math.min(value, WARM_SLICES), connector);
            Kinds kinds = value == warmUp.slices ? warmUp : new Kinds(value, connector);
            Measurement records = measured(warmUp, kinds, Kinds::records, knobs);
            Measurement saving = measured(warmUp, kinds, Kinds::saving, knobs);
            Measurement resuming = measured(warmUp, kinds, Kinds::resuming, knobs);
            return GrowthPoint.of(
                    records.cpuMicros(),
                    saving.cpuMicros(),
                    resuming.cpuMicros(),
                    records.allocatedBytes(),
                    saving.allocatedBytes(),
                    (double) Json.write(kinds.state()).length / value,
                    ProcessStatus.peak());
        }
    }

    /** Figures are those of one slice. */
    private static Measurement measured(Kinds warmUp, Kinds kinds, Consumer<Kinds> run, GrowthKnobs knobs) {
        repeat(warmUp, run, knobs);
        return Measurement.of(total(knobs), () -> repeat(kinds, run, knobs));
    }

    private static void repeat(Kinds kinds, Consumer<Kinds> run, GrowthKnobs knobs) {
        for (long i = 0; i < total(knobs) / kinds.slices; i++) {
            run.accept(kinds);
        }
    }

    /** The ways to read so many slices; each checks that it has read everything. */
    private static final class Kinds {

        private final long slices;
        private final Connector connector;
        private final RecordStream<Reading> stream;
        private final Tally all;
        private @Nullable JsonNode state;

        Kinds(long slices, Connector connector) {
            this.slices = slices;
            this.connector = connector;
            this.stream = stream((int) slices);
            this.all = new Tally(
                    slices * RECORDS,
                    slices * LongStream.rangeClosed(1, RECORDS).sum());
        }

        void records() {
            Tally.Counter counter = new Tally.Counter();
            stream.records(connector)
                    .doOnNext(reading -> counter.add(reading.id()))
                    .blockLast();
            counter.result().check(all);
        }

        void saving() {
            StateStore store = StateStore.inMemory();
            save(store).check(all);
            state = store.load(KEY).block();
        }

        /** Goes on from the state of the last that saved, and finds nothing new. */
        void resuming() {
            StateStore store = StateStore.inMemory();
            store.save(KEY, state()).block();
            save(store).check(new Tally(0, 0));
        }

        JsonNode state() {
            return Objects.requireNonNull(state, "nothing was saved");
        }

        private Tally save(StateStore store) {
            Tally.Counter counter = new Tally.Counter();
            stream.resumeFrom(store, KEY)
                    .read(connector)
                    .doOnNext(message -> {
                        if (message instanceof StreamRecord<Reading> record) {
                            counter.add(record.data().id());
                        }
                    })
                    .transform(Checkpoints.committing(store, KEY))
                    .blockLast();
            return counter.result();
        }
    }

    private static RecordStream<Reading> stream(int count) {
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slices.add(Slice.of("station", "station-" + i));
        }
        return RecordStream.of(
                        "readings", Endpoint.get("/stations/{station}/readings").items("/data", Reading.class))
                .key("/id")
                .cursor(Cursor.datetime("/updated").startingAt(BEGINNING).intoQuery("since"))
                .slices(slices);
    }

    /** All slices have the same records, and show those that have changed since the time in the query. */
    private static Connector answering() {
        Map<String, byte[]> bodies = new ConcurrentHashMap<>();
        Headers headers = Headers.of("Content-Type", "application/json");
        return Connector.builder("http://localhost")
                .interceptor((request, next) -> Mono.fromSupplier(() -> {
                    String query = request.uri().getQuery();
                    byte[] body = bodies.computeIfAbsent(query.substring("since=".length()), Slices::page);
                    return Response.of(request, 200, headers, body);
                }))
                .build();
    }

    private static byte[] page(String since) {
        List<Reading> readings = LongStream.rangeClosed(1, RECORDS)
                .mapToObj(id -> new Reading(id, BEGINNING.plusSeconds(id).toString()))
                .filter(reading -> !Instant.parse(reading.updated()).isBefore(Instant.parse(since)))
                .toList();
        return Json.write(Map.of("data", readings));
    }
}
