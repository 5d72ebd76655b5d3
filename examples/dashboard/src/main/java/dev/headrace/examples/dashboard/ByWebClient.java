package dev.headrace.examples.dashboard;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** One side of the guide: what is written with WebClient. */
final class ByWebClient {

    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

    record Issue(long number, String title, String state, Instant updatedAt) {}

    private ByWebClient() {}

    static Mono<Issue> one(WebClient github) {
        return github.get()
                .uri("/repos/{owner}/{repo}/issues/{n}", "reactor", "reactor-core", 1998)
                .retrieve()
                .bodyToMono(Issue.class)
                .retryWhen(Retry.backoff(3, ofMillis(500)).filter(ByWebClient::mayHelp));
    }

    private static boolean mayHelp(Throwable failure) {
        return !(failure instanceof WebClientResponseException answer)
                || answer.getStatusCode().value() == 429 // without waiting for what Retry-After says
                || answer.getStatusCode().is5xxServerError();
    }

    static Flux<Issue> all(WebClient github) {
        return page(github, "/repos/reactor/reactor-core/issues?per_page=100")
                .expand(page -> next(page).map(uri -> page(github, uri)).orElseGet(Mono::empty))
                .concatMapIterable(page -> Objects.requireNonNull(page.getBody()));
    }

    private static Mono<ResponseEntity<List<Issue>>> page(WebClient github, String uri) {
        return github.get()
                .uri(uri) // wherever it leads, the token goes too
                .retrieve()
                .toEntityList(Issue.class)
                .retryWhen(Retry.backoff(3, ofMillis(500)).filter(ByWebClient::mayHelp));
    }

    private static Optional<String> next(ResponseEntity<?> page) {
        return page.getHeaders().getOrEmpty(HttpHeaders.LINK).stream()
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .map(link -> link.group(1))
                .findFirst();
    }

    static Flux<ServerSentEvent<String>> events(WebClient wikimedia) {
        AtomicReference<String> lastId = new AtomicReference<>("");
        return Flux.defer(() -> wikimedia
                        .get()
                        .uri("/v2/stream/recentchange")
                        .header("Last-Event-ID", Objects.requireNonNull(lastId.get()))
                        .retrieve()
                        .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {}))
                .doOnNext(event -> Optional.ofNullable(event.id()).ifPresent(lastId::set))
                .repeat()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, ofSeconds(1)).maxBackoff(ofSeconds(30)));
    }

    static Mono<Void> file(WebClient storage, Path target) {
        Flux<DataBuffer> bytes =
                storage.get().uri("/images/disk.iso").retrieve().bodyToFlux(DataBuffer.class);
        return DataBufferUtils.write(bytes, target); // from the beginning each time
    }
}
