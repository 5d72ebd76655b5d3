package dev.headrace.benchmarks;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty's calls, which those of this library and of WebClient are made of. */
final class ReactorNettyCalls {

    private ReactorNettyCalls() {}

    /** With the pool that is used without being asked for, which has 500 connections for each origin. */
    static Contestant.Preparation byDefault(int inFlight) {
        return (url, knobs) -> calling(HttpClient.create().baseUrl(url), inFlight, knobs);
    }

    /** With a pool of so many connections. */
    static Contestant.Preparation pooled(int connections, int inFlight) {
        return (url, knobs) -> {
            ConnectionProvider provider = ConnectionProvider.create("pooled", connections);
            return calling(HttpClient.create(provider).baseUrl(url), inFlight, knobs);
        };
    }

    /** With a pool of so many connections, of whom those who wait for one wake nobody. */
    static Contestant.Preparation withWheelTimer(int connections, int inFlight) {
        return (url, knobs) -> {
            HashedWheelTimer wheel = new HashedWheelTimer(new DefaultThreadFactory("wheel", true));
            ConnectionProvider provider = ConnectionProvider.builder("wheel")
                    .maxConnections(connections)
                    .pendingAcquireTimer((task, limit) -> {
                        Timeout timeout =
                                wheel.newTimeout(elapsed -> task.run(), limit.toNanos(), TimeUnit.NANOSECONDS);
                        return timeout::cancel;
                    })
                    .build();
            return calling(HttpClient.create(provider).baseUrl(url), inFlight, knobs);
        };
    }

    private static Contestant.Pass calling(HttpClient client, int inFlight, Knobs knobs) {
        HttpClient.ResponseReceiver<?> call = client.get().uri(Requests.PATH);
        return Contestant.flux(
                () -> Flux.range(0, knobs.items())
                        .flatMap(i -> call.responseSingle((response, body) -> body.asByteArray()), inFlight),
                body -> body.length);
    }
}
