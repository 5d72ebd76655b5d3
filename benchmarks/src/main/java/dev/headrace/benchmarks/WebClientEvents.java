package dev.headrace.benchmarks;

import java.util.Objects;
import java.util.function.ToLongFunction;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

/** Spring's WebClient with its events. */
final class WebClientEvents {

    private WebClientEvents() {}

    static Contestant.Preparation texts() {
        return reading(
                new ParameterizedTypeReference<ServerSentEvent<String>>() {},
                event -> EventChecksum.of(
                        Objects.requireNonNull(event.id()),
                        Objects.requireNonNull(event.event()),
                        Objects.requireNonNull(event.data())));
    }

    static Contestant.Preparation ticks() {
        return reading(
                new ParameterizedTypeReference<ServerSentEvent<Tick>>() {},
                event -> Objects.requireNonNull(event.data()).checksum());
    }

    static Contestant.Preparation reports() {
        return reading(
                new ParameterizedTypeReference<ServerSentEvent<Report>>() {},
                event -> Objects.requireNonNull(event.data()).checksum());
    }

    private static <T> Contestant.Preparation reading(
            ParameterizedTypeReference<ServerSentEvent<T>> type, ToLongFunction<ServerSentEvent<T>> value) {
        return (url, knobs) -> {
            WebClient client = WebClientReads.client(url);
            return Contestant.flux(() -> client.get().uri("/events").retrieve().bodyToFlux(type), value);
        };
    }
}
