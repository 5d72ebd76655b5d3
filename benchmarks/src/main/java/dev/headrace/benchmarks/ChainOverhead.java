package dev.headrace.benchmarks;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportSettings;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * What the chain costs above the bare transport: tiny requests over a real socket, 64 in flight, by the transport alone and by connectors
 * around it with more and more of the chain.
 */
public final class ChainOverhead implements Workload {

    private static final int IN_FLIGHT = 64;

    private ChainOverhead() {}

    /**
     * Measures.
     *
     * @param args none; within a process of a contestant its name and the URL
     * @throws InterruptedException if interrupted while a contestant runs
     */
    public static void main(String[] args) throws InterruptedException {
        Comparison.main(new ChainOverhead(), args);
    }

    @Override
    public String item() {
        return "request";
    }

    @Override
    public int items() {
        return 100_000;
    }

    @Override
    public List<Contestant> contestants() {
        return List.of(
                Contestant.of("transport", calling(ChainOverhead::transport)),
                Contestant.of("defaults", calling(ChainOverhead::defaults)),
                Contestant.of("full chain", calling(ChainOverhead::fullChain)));
    }

    @Override
    public Tally expected(Knobs knobs) {
        return new Tally(knobs.items(), 2L * knobs.items());
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) ->
                        response.header("Content-Length", "2").sendString(Flux.just("{}")))
                .bindNow();
    }

    /** Makes one call and reads the answer. */
    private interface Calls {
        Flux<byte[]> call(Request request);
    }

    private static Contestant.Preparation calling(Function<String, Calls> clients) {
        return (url, knobs) -> {
            Calls calls = clients.apply(url);
            Request request = Request.get(url + "/tiny");
            return Contestant.flux(
                    () -> Flux.range(0, knobs.items()).flatMap(i -> calls.call(request), IN_FLIGHT),
                    body -> body.length);
        };
    }

    private static Calls transport(String url) {
        Exchange transport = Transport.over(TransportSettings.defaults());
        return request -> transport.exchange(request, ChainOverhead::body);
    }

    private static Calls defaults(String url) {
        return of(Connector.builder(url).build());
    }

    private static Calls fullChain(String url) {
        return of(Connector.builder(url)
                .auth(Auth.bearer(Secret.of("token")))
                .retry(RetryPolicy.defaults())
                .rateLimit(RateLimitPolicy.perSecond(1_000_000))
                .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, Duration.ofMinutes(1)))
                .build());
    }

    private static Calls of(Connector connector) {
        return request -> connector.exchange(request, ChainOverhead::body);
    }

    private static Publisher<byte[]> body(Response response) {
        return response.readAll(1024);
    }
}
