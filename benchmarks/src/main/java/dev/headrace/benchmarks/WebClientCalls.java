package dev.headrace.benchmarks;

import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/** Calls of Spring's WebClient. */
final class WebClientCalls {

    private WebClientCalls() {}

    static Contestant.Preparation byDefault(int inFlight) {
        return (url, knobs) -> {
            WebClient client = WebClient.create(url);
            return Contestant.flux(
                    () -> Flux.range(0, knobs.items())
                            .flatMap(
                                    i -> client.get()
                                            .uri(Requests.PATH)
                                            .retrieve()
                                            .bodyToMono(byte[].class),
                                    inFlight),
                    body -> body.length);
        };
    }
}
