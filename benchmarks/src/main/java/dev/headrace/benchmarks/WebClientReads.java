package dev.headrace.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Spring's WebClient with its Jackson codec and no limit in memory, for it reads what is nested only as a whole. */
final class WebClientReads {

    private static final int NO_LIMIT = -1;

    private WebClientReads() {}

    static Contestant.Preparation document() {
        return (url, knobs) -> {
            WebClient client = client(url);
            return Contestant.flux(
                    () -> client.get()
                            .uri("/document")
                            .retrieve()
                            .bodyToMono(Document.class)
                            .flatMapIterable(Document::items),
                    Item::checksum);
        };
    }

    static Contestant.Preparation lines() {
        return (url, knobs) -> {
            WebClient client = client(url);
            return Contestant.flux(() -> client.get().uri("/lines").retrieve().bodyToFlux(Item.class), Item::checksum);
        };
    }

    static Contestant.Preparation pages() {
        return (url, knobs) -> {
            WebClient client = client(url);
            return Contestant.flux(
                    () -> page(client, "/pages/1")
                            .expand(page -> page.next() == null ? Mono.empty() : page(client, page.next()))
                            .concatMapIterable(Page::items),
                    Item::checksum);
        };
    }

    private static Mono<Page> page(WebClient client, @Nullable String path) {
        return client.get()
                .uri(Objects.requireNonNull(path))
                .retrieve()
                .toEntity(Document.class)
                .map(WebClientReads::page);
    }

    private static Page page(ResponseEntity<Document> response) {
        Document document = Objects.requireNonNull(response.getBody());
        return new Page(document.items(), Page.next(response.getHeaders().getFirst(HttpHeaders.LINK)));
    }

    static WebClient client(String url) {
        return WebClient.builder()
                .baseUrl(url)
                .codecs(codecs -> {
                    // The mapper of all peers. The one that Spring makes would find Blackbird as well.
                    codecs.defaultCodecs().jacksonJsonDecoder(new JacksonJsonDecoder(JacksonItems.MAPPER));
                    codecs.defaultCodecs().maxInMemorySize(NO_LIMIT);
                })
                .build();
    }
}
