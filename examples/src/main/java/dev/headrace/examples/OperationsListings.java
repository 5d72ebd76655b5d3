package dev.headrace.examples;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.decode.Decoder;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.json.Codec;
import dev.headrace.observe.Observations;
import dev.headrace.observe.WireLog;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The listings of the guide to operations. */
final class OperationsListings {

    private OperationsListings() {}

    static Connector tuned() {
        Connector api = Connector.builder("https://api.example.com")
                .pool(PoolSettings.defaults()
                        .maxConnections(20)
                        .maxPending(200)
                        .acquireTimeout(ofSeconds(5))
                        .maxIdle(ofSeconds(20)))
                .timeouts(Timeouts.defaults()
                        .connect(ofSeconds(3))
                        .head(ofSeconds(10))
                        .gap(ofSeconds(15)))
                .build();
        return api;
    }

    static Connector observed() {
        Connector api = Connector.builder("https://api.example.com")
                .observations(Observations.inContext().named("shop"))
                .build();
        return api;
    }

    static <T> Mono<T> shown(Mono<T> call, Consumer<String> lines) {
        return call.contextWrite(context -> context.put(WireLog.LINES, lines)); // of this subscriber's requests only
    }

    static Decoder<JsonNode> small() {
        Decoder<JsonNode> items = Decoder.items("/data", Codec.tree(), 256 * 1024); // a record of more is an error
        return items;
    }

    static Flux<JsonNode> offTheLoop(Flux<JsonNode> records, Consumer<JsonNode> blocking) {
        return records.publishOn(Schedulers.boundedElastic(), 16).doOnNext(blocking);
    }

    static Mono<JsonNode> compressed(Connector api) {
        return api.fetch(Request.get("/report").options(options -> options.decompress(true)), JsonNode.class);
    }

    static Mono<Void> shutdown(List<Connector> connectors) {
        return Flux.fromIterable(connectors)
                .flatMap(connector -> connector.closeGracefully(ofSeconds(20)))
                .then();
    }
}
