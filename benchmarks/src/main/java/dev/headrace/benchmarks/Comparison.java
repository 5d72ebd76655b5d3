package dev.headrace.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reactor.netty.DisposableServer;

/**
 * Runs contestants side by side: each turn in a process of its own, rounds in which they take turns, and a table of the medians in which
 * the first is the measure of the others. What counts is the ratio within one run; figures of different runs are not to be compared.
 */
final class Comparison {

    private final Workload workload;
    private final Knobs knobs;
    private final Map<String, List<Measurement>> results = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    private Comparison(Workload workload) {
        this.workload = workload;
        this.knobs = Knobs.of(workload);
    }

    /** The main method of every program here: without arguments it compares, with a contestant's name and a URL it is that contestant. */
    static void main(Workload workload, String[] args) throws InterruptedException {
        if (args.length == 2) {
            Turn.take(workload, args[0], args[1]);
        } else {
            new Comparison(workload).run();
            // The server's threads would stay a while.
            System.exit(0);
        }
    }

    private void run() throws InterruptedException {
        double load = load();
        DisposableServer server = workload.serve(knobs);
        String url = server == null ? "none:" : "http://127.0.0.1:" + server.port();
        for (int round = 0; round < knobs.rounds(); round++) {
            for (Contestant contestant : workload.contestants()) {
                String name = contestant.name();
                if (knobs.admits(name) && !failures.containsKey(name)) {
                    turn(name, url);
                }
            }
        }
        if (server != null) {
            server.disposeNow();
        }
        print(load);
    }

    private void turn(String name, String url) throws InterruptedException {
        try {
            results.computeIfAbsent(name, n -> new ArrayList<>()).add(Turn.give(workload, name, url, knobs));
        } catch (Turn.FailedException e) {
            failures.put(name, e.getMessage());
            results.remove(name);
        }
    }

    private void print(double load) {
        System.out.printf(
                Locale.ROOT,
                "%s, Java %s, %d processors, load %.1f before and %.1f after; %d rounds, %d + %d passes of %d, heap %s, latency %d ms%n%n",
                workload.getClass().getSimpleName(),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                load,
                load(),
                knobs.rounds(),
                knobs.warmups(),
                knobs.passes(),
                workload.expected(knobs).items(),
                knobs.heap(),
                knobs.latency().toMillis());
        System.out.printf(
                "| contestant | CPU us/%1$s | ratio | bytes/%1$s | above the first | wall us/%1$s | peak RSS MiB |%n",
                workload.item());
        System.out.println("|---|---|---|---|---|---|---|");
        Measurement first = new Measurement(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        for (var result : results.entrySet()) {
            Measurement median = Measurement.median(result.getValue());
            if (Double.isNaN(first.cpuMicros())) {
                first = median;
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.3f | %.2f | %.0f | %.0f | %.3f | %.0f |%n",
                    result.getKey(),
                    median.cpuMicros(),
                    median.cpuMicros() / first.cpuMicros(),
                    median.allocatedBytes(),
                    median.allocatedBytes() - first.allocatedBytes(),
                    median.wallMicros(),
                    median.residentMebibytes());
        }
        failures.forEach((name, reason) -> System.out.println("| " + name + " | failed: " + reason + " | | | | | |"));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
