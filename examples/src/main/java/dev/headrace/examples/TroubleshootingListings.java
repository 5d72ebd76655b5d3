package dev.headrace.examples;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.IdempotencyKeys;
import dev.headrace.resilience.RateLimitPolicy;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The listings of the page about what goes wrong. */
final class TroubleshootingListings {

    private TroubleshootingListings() {}

    static String toDo(HeadraceException failure) {
        return switch (failure.kind()) {
            case TRANSIENT ->
                "try again" + failure.retryAt().map(moment -> " at " + moment).orElse(" later");
            case CONFIGURATION -> "change something first: credentials, address, setting";
            case PERMANENT -> "do not send it again";
            case UNTRUSTED_DATA -> "do not build on what came";
            case LOCAL -> "look at this machine: disk, permissions, what else runs";
        };
    }

    static Flux<JsonNode> allPages(Connector api) {
        return api.records(Endpoint.get("/issues").paginate(Pagination.linkHeader()));
    }

    static Mono<Integer> status(Connector api, Request request) {
        return api.exchange(request, response -> Mono.just(response.status()))
                .single(); // the body is given back unread
    }

    static Connector retryingPosts() {
        return Connector.builder("https://api.example.com")
                .callInterceptor(IdempotencyKeys.random()) // the remote must honour Idempotency-Key
                .build();
    }

    static Connector slowEnough() {
        return Connector.builder("https://api.example.com")
                .rateLimit(RateLimitPolicy.of(100, ofSeconds(60))
                        .and(RateLimitPolicy.adaptive()) // what the headers say of a quota that others use too
                        .maxWait(ofSeconds(60)))
                .build();
    }

    static Flux<JsonNode> saved(Flux<JsonNode> records, Consumer<JsonNode> save) {
        return records.publishOn(Schedulers.boundedElastic(), 16) // what comes after this may block
                .doOnNext(save);
    }
}
