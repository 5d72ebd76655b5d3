package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * What a request costs by the number of user's interceptors that see the response and change nothing. The last of them answers from memory,
 * so no network is measured.
 */
final class Interceptors extends GrowthSuite {

    private static final String CPU = "CPU us/request";
    private static final String ALLOCATED = "bytes/request";
    private static final String WALL = "wall us/request";

    private static final long MOST = 64;
    private static final long HALF = 32;
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final int WARM_UPS = 2;
    private static final int PASSES = 3;

    @Override
    public String name() {
        return "growth-interceptors";
    }

    @Override
    public String title() {
        return "What a request costs by the number of interceptors";
    }

    @Override
    String what() {
        return "interceptors";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick ? List.of(0L, 8L, HALF) : List.of(0L, 1L, 2L, 4L, 8L, 16L, HALF, MOST);
    }

    @Override
    List<String> columns() {
        return List.of(CPU, ALLOCATED, WALL);
    }

    @Override
    String heap() {
        return "128m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "a connector with defaults and so many interceptors that see the response and change nothing, before one that answers from memory; one request after the"
                + " other; " + WARM_UPS + " + " + PASSES + " passes of " + requests(knobs);
    }

    @Override
    List<Cost> costs() {
        return List.of(Cost.whole("CPU of a request", CPU), Cost.whole("Bytes for a request", ALLOCATED));
    }

    @Override
    List<Goal> otherGoals() {
        return List.of(
                new Goal(
                        "CPU of interceptors: 33 to 64 / 1 to 32",
                        true,
                        result -> result.median(table -> secondHalf(table, CPU)),
                        1.5),
                new Goal(
                        "bytes of interceptors: 33 to 64 / 1 to 32",
                        true,
                        result -> result.median(table -> secondHalf(table, ALLOCATED)),
                        1.1));
    }

    private double secondHalf(SuiteResult result, String column) {
        double none = result.figure(label(0), column);
        double half = result.figure(label(HALF), column);
        return (result.figure(label(MOST), column) - half) / (half - none);
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("time for a request, us", List.of(CPU, WALL));
        panels.put("allocated on the heap for a request, bytes", List.of(ALLOCATED));
        return panels;
    }

    private static int requests(GrowthKnobs knobs) {
        return knobs.quick() ? 1_000 : 100_000;
    }

    @Override
    @Nullable
    DisposableServer serve(long value, GrowthKnobs knobs) {
        return null;
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        Connector.Builder builder = Connector.builder("http://localhost");
        for (int i = 0; i < value; i++) {
            // One that only passes the request on costs nothing at all: the call is the next one's.
            builder.interceptor((request, next) -> next.exchange(request).map(response -> response));
        }
        builder.interceptor((request, next) -> Mono.fromSupplier(
                () -> Response.of(request, 200, Headers.of("Content-Type", "application/json"), BODY)));
        int requests = requests(knobs);
        try (Connector connector = builder.build()) {
            Request tiny = Request.get("/tiny");
            Contestant.Pass pass = Contestant.flux(
                    () -> Flux.range(0, requests)
                            .concatMap(i -> connector.exchange(tiny, response -> response.readAll(BODY.length)), 0),
                    body -> body.length);
            Measurement cost =
                    Passes.measure(pass, new Tally(requests, (long) BODY.length * requests), WARM_UPS, PASSES);
            return GrowthPoint.of(cost.cpuMicros(), cost.allocatedBytes(), cost.wallMicros());
        }
    }
}
