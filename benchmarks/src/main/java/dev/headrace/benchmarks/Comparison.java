package dev.headrace.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;

/**
 * Runs contestants side by side: each turn in a process of its own, rounds in which they take turns, and a table of the medians in which
 * the first is the measure of the others. What counts is the ratio within one run; figures of different runs are not to be compared.
 */
final class Comparison implements Suite {

    static final String CPU_RATIO = "CPU ratio";
    static final String WALL_RATIO = "wall ratio";

    private final Workload workload;

    Comparison(Workload workload) {
        this.workload = workload;
    }

    @Override
    public String name() {
        return workload.name();
    }

    @Override
    public String title() {
        return workload.title();
    }

    @Override
    public List<Goal> goals() {
        return workload.goals();
    }

    Workload workload() {
        return workload;
    }

    /** The column of CPU time. */
    static String cpu(String item) {
        return "CPU us/" + item;
    }

    /** The column of what is allocated on the heap. */
    static String bytes(String item) {
        return "bytes/" + item;
    }

    /** The column of time on the clock. */
    static String wall(String item) {
        return "wall us/" + item;
    }

    @Override
    public SuiteResult run() throws InterruptedException {
        Knobs knobs = Knobs.of(workload);
        double load = load();
        List<Map<String, Measurement>> rounds = new ArrayList<>();
        Map<String, String> failures = new LinkedHashMap<>();
        DisposableServer server = workload.serve(knobs);
        String url = url(server);
        try {
            for (int round = 0; round < knobs.rounds(); round++) {
                rounds.add(round(knobs, url, failures));
            }
        } finally {
            if (server != null) {
                server.disposeNow();
            }
        }
        rounds.forEach(round -> round.keySet().removeAll(failures.keySet()));
        return result(knobs, rounds, failures, load);
    }

    /** Where contestants find the server of a workload. */
    static String url(@Nullable DisposableServer server) {
        return server == null ? "none:" : "http://127.0.0.1:" + server.port();
    }

    private Map<String, Measurement> round(Knobs knobs, String url, Map<String, String> failures)
            throws InterruptedException {
        Map<String, Measurement> round = new LinkedHashMap<>();
        for (Contestant contestant : workload.contestants()) {
            String name = contestant.name();
            if (knobs.admits(name) && !failures.containsKey(name)) {
                try {
                    round.put(name, Turn.give(workload, name, url, knobs));
                } catch (Turn.FailedException e) {
                    failures.put(name, String.valueOf(e.getMessage()));
                }
            }
        }
        return round;
    }

    private SuiteResult result(
            Knobs knobs, List<Map<String, Measurement>> rounds, Map<String, String> failures, double load) {
        String item = workload.item();
        String setting = String.format(
                Locale.ROOT,
                "%s, load %.1f before and %.1f after; %d rounds, passes of %,d, at least %s s of them after %s s, heap"
                        + " %s, latency %d ms",
                Machine.description(),
                load,
                load(),
                knobs.rounds(),
                workload.expected(knobs).items(),
                knobs.time().toMillis() / 1e3,
                knobs.warmup().toMillis() / 1e3,
                knobs.heap(),
                knobs.latency().toMillis());
        String first = workload.contestants().stream()
                .map(Contestant::name)
                .filter(knobs::admits)
                .findFirst()
                .orElse("");
        return SuiteResult.ofRounds(
                workload.name(),
                workload.title(),
                setting,
                columns(item),
                rounds.stream().map(round -> rows(round, first)).toList(),
                Stream.concat(
                                workload.notes().stream(),
                                failures.entrySet().stream()
                                        .map(failure -> failure.getKey() + " failed: " + failure.getValue()))
                        .toList());
    }

    static List<String> columns(String item) {
        return List.of(cpu(item), CPU_RATIO, bytes(item), "bytes above", wall(item), WALL_RATIO, "peak RSS MiB");
    }

    /** A round's table; ratios are to the one who is named, and not known if that one failed. */
    static List<SuiteResult.Row> rows(Map<String, Measurement> round, String measure) {
        Measurement first = round.getOrDefault(measure, Measurement.NOTHING);
        return round.entrySet().stream()
                .map(each -> row(each.getKey(), each.getValue(), first))
                .toList();
    }

    private static SuiteResult.Row row(String name, Measurement figures, Measurement first) {
        return new SuiteResult.Row(
                name,
                List.of(
                        figures.cpuMicros(),
                        figures.cpuMicros() / first.cpuMicros(),
                        figures.allocatedBytes(),
                        figures.allocatedBytes() - first.allocatedBytes(),
                        figures.wallMicros(),
                        figures.wallMicros() / first.wallMicros(),
                        figures.residentMebibytes()));
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
