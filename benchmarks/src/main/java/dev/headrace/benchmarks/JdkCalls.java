package dev.headrace.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asynchronous calls of the JDK's client; that so many are in flight is Reactor's doing, as for the others. */
final class JdkCalls {

    private JdkCalls() {}

    static Contestant.Preparation async(int inFlight) {
        return (url, knobs) -> {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url + Requests.PATH)).build();
            return Contestant.flux(
                    () -> Flux.range(0, knobs.items())
                            .flatMap(
                                    i -> Mono.fromFuture(
                                            () -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())),
                                    inFlight),
                    response -> response.body().length);
        };
    }
}
