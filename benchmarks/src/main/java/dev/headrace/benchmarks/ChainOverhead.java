package dev.headrace.benchmarks;

import dev.headrace.http.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServer;

/**
 * What the chain costs above the bare transport: tiny requests over a real socket, 64 in flight, each contestant in a process of its own, in
 * rounds that take turns. Prints the median of CPU time and allocated bytes for one request, and the ratio to the transport's.
 *
 * <p>Arguments: rounds (default 5) and requests measured in each (default 200,000; as many go before to warm up).
 */
public final class ChainOverhead {

    private static final int IN_FLIGHT = 64;

    private ChainOverhead() {}

    /**
     * Measures.
     *
     * @param args rounds and requests; within a process of a contestant its name, the URL and the requests
     * @throws Exception if a process cannot be run
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            measure(Contestant.valueOf(args[0]), args[1], Integer.parseInt(args[2]));
        } else {
            compare(args.length > 0 ? Integer.parseInt(args[0]) : 5, args.length > 1 ? args[1] : "200000");
        }
    }

    private static void measure(Contestant contestant, String url, int requests) {
        Contestant.Calls calls = contestant.calls(url);
        Request request = Request.get(url + "/tiny");
        Runnable work = () -> Flux.range(0, requests)
                .flatMap(i -> calls.call(request), IN_FLIGHT)
                .doOnNext(body -> {
                    if (body.length != 2) {
                        throw new IllegalStateException("An answer of " + body.length + " bytes");
                    }
                })
                .blockLast();
        work.run();
        Measurement cost = Measurement.of(requests, work);
        System.out.println(cost.cpuMicros() + " " + cost.allocatedBytes());
        System.exit(0);
    }

    private static void compare(int rounds, String requests) throws IOException, InterruptedException {
        var server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) ->
                        response.header("Content-Length", "2").sendString(Flux.just("{}")))
                .bindNow();
        String url = "http://127.0.0.1:" + server.port();
        Map<Contestant, List<Measurement>> results = new EnumMap<>(Contestant.class);
        for (int round = 0; round < rounds; round++) {
            for (Contestant contestant : Contestant.values()) {
                results.computeIfAbsent(contestant, c -> new ArrayList<>()).add(run(contestant, url, requests));
            }
        }
        server.disposeNow();
        print(results);
        System.exit(0);
    }

    private static Measurement run(Contestant contestant, String url, String requests)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChainOverhead.class.getName(),
                        contestant.name(),
                        url,
                        requests)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            if (process.waitFor() != 0 || line == null) {
                throw new IllegalStateException(contestant + " failed");
            }
            String[] figures = line.split(" ", -1);
            return new Measurement(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]));
        }
    }

    private static void print(Map<Contestant, List<Measurement>> results) {
        List<Measurement> transport = results.getOrDefault(Contestant.TRANSPORT, List.of());
        double baseCpu = median(transport, Measurement::cpuMicros);
        double baseBytes = median(transport, Measurement::allocatedBytes);
        System.out.println("| contestant | CPU us/request | ratio | bytes/request | more than the transport |");
        System.out.println("|---|---|---|---|---|");
        results.forEach((contestant, rounds) -> {
            double cpu = median(rounds, Measurement::cpuMicros);
            double bytes = median(rounds, Measurement::allocatedBytes);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %.2f | %.0f | %.0f |%n",
                    contestant.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    cpu,
                    cpu / baseCpu,
                    bytes,
                    bytes - baseBytes);
        });
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        List<Measurement> sorted =
                rounds.stream().sorted(Comparator.comparingDouble(figure)).toList();
        return figure.applyAsDouble(sorted.get(sorted.size() / 2));
    }
}
