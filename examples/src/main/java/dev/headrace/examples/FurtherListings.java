package dev.headrace.examples;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.headrace.auth.OAuth2;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.connector.RequestMatcher;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.stream.FieldMapping;
import dev.headrace.stream.MappedField;
import dev.headrace.stream.Transforms;
import dev.headrace.transfer.ByteStream;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.MinimumSpeed;
import dev.headrace.transfer.TransferProgress;
import dev.headrace.transfer.Upload;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The short listings of the README, about servers that are not here; for programs that run, see the examples beside this. */
final class FurtherListings {

    private FurtherListings() {}

    static Connector trusted() {
        Connector api = Connector.builder("https://api.example.com")
                .auth(OAuth2.clientCredentials("https://id.example.com/token", "app", Secret.environment("APP_SECRET")))
                .errors(ErrorRules.slack()) // 200 with "ok": false is a failure, and "token_expired" renews the token
                .when(
                        "search",
                        RequestMatcher.path("/search/**"),
                        search -> search.rateLimit(
                                        RateLimitPolicy.of(30, ofMinutes(1)).maxWait(ofSeconds(10)))
                                .timeouts(clocks -> clocks.head(ofMinutes(2))))
                .build();
        return api;
    }

    static Flux<JsonNode> customers(Connector stripe, Optional<String> kept, Consumer<String> keep) {
        Endpoint<JsonNode> customers = Endpoint.get("/v1/customers")
                .at("/data")
                .paginate(Pagination.lastItem("/id", Placement.query("starting_after"))
                        .whileTrue("/has_more")
                        .pageSize("limit", 100))
                .paging(pages -> pages.prefetchPages(1).maxPages(10_000));
        return stripe.records(kept.map(PageToken::of).map(customers::from).orElse(customers))
                .doOnError(failure -> PageStop.of(failure) // on which page, and from where to go on
                        .flatMap(PageStop::token)
                        .ifPresent(token -> keep.accept(token.text())));
    }

    static Flux<JsonNode> products(Connector shop, Endpoint<JsonNode> catalogue) {
        FieldMapping flat = FieldMapping.select(
                        MappedField.from("/id").required(),
                        MappedField.from("/details/title").to("/title").map(Transforms.stripEmoji()),
                        MappedField.from("/price").map(Transforms.number()), // "1.234,56 €" is 1234.56
                        MappedField.from("/variants"))
                .each("/variants", FieldMapping.unchanged().map("/changed", Transforms.isoToTimestamp()));
        return shop.records(catalogue).map(flat);
    }

    static Flux<TransferProgress> image(Connector storage) {
        Flux<TransferProgress> progress = Download.from(storage, Request.get("/images/{name}", "disk.iso"))
                .to(Path.of("disk.iso"))
                .expect(Digest.sha256("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))
                .progress(); // kill the process; run it again; it goes on where it was
        return progress;
    }

    static Flux<ByteBuffer> dump(Connector storage, long offset) {
        return ByteStream.from(storage, Request.get("/dump.bin"))
                .chunkSize(64 * 1024) // exact, but for the last
                .startAt(offset)
                .minimumSpeed(MinimumSpeed.of(10 * 1024, ofSeconds(30))) // or another connection takes over
                .bytes();
    }

    static Flux<TransferProgress> upload(Connector storage, BandwidthLimit shared) {
        Flux<TransferProgress> sent = Upload.from(storage, Request.post("/files"))
                .source(Path.of("disk.iso"))
                .tus() // goes on where the server is; without it, one plain request
                .rateLimit(shared) // a BandwidthLimit of all transfers, which may change while they run
                .progress();
        return sent;
    }
}
