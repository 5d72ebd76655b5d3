package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Reactor Netty by itself: what receiving costs without any decoding, and pages by the shortest code there is. */
final class ReactorNettyReads {

    // As much as a connector's streams are given at once; Netty's own 8 KiB would make the limit dearer than they are.
    private static final int CHUNK = 64 * 1024;

    private ReactorNettyReads() {}

    /** Counts line feeds, one for each item. */
    static Contestant.Preparation receive(String path) {
        return receive(path, 1);
    }

    /** Counts line feeds, so many for each item, of chunks of up to 64 KiB. */
    static Contestant.Preparation receive(String path, int lines) {
        return (url, knobs) -> {
            HttpClient client = inLargeChunks(HttpClient.create().baseUrl(url));
            Received received = new Received();
            return () -> {
                long before = received.lineFeeds;
                client.get().uri(path).responseContent().doOnNext(received::add).blockLast();
                return Tally.counted((received.lineFeeds - before) / lines);
            };
        };
    }

    // Deprecated because Netty 5 has no such setting.
    @SuppressWarnings("deprecation")
    private static HttpClient inLargeChunks(HttpClient client) {
        return client.httpResponseDecoder(spec -> spec.maxChunkSize(CHUNK));
    }

    private static final class Received {
        private byte[] bytes = new byte[CHUNK];
        private long lineFeeds;

        void add(ByteBuf chunk) {
            int length = chunk.readableBytes();
            if (length > bytes.length) {
                bytes = new byte[length];
            }
            chunk.getBytes(chunk.readerIndex(), bytes, 0, length);
            lineFeeds += LineFeeds.in(bytes, length);
        }
    }

    /** A document that is put together first, and then read one item at a time. */
    static Contestant.Preparation document() {
        return whole("/document", JacksonItems::document);
    }

    /** The same with lines. */
    static Contestant.Preparation lines() {
        return whole("/lines", JacksonItems::lines);
    }

    private static Contestant.Preparation whole(String path, Function<InputStream, Tally> reader) {
        return (url, knobs) -> {
            HttpClient client = HttpClient.create().baseUrl(url);
            return () -> client.get()
                    .uri(path)
                    .responseContent()
                    .aggregate()
                    .asInputStream()
                    .map(reader)
                    .blockOptional()
                    .orElseThrow();
        };
    }

    /** Whole pages, one after the other. */
    static Contestant.Preparation pages() {
        return (url, knobs) -> {
            HttpClient client = HttpClient.create().baseUrl(url);
            return Contestant.flux(
                    () -> page(client, "/pages/1")
                            .expand(page -> page.next() == null ? Mono.empty() : page(client, page.next()))
                            .concatMapIterable(Page::items),
                    Item::checksum);
        };
    }

    private static Mono<Page> page(HttpClient client, @Nullable String path) {
        return client.get()
                .uri(Objects.requireNonNull(path))
                .responseSingle((response, body) -> body.asByteArray()
                        .map(bytes -> new Page(
                                JacksonItems.whole(bytes).items(),
                                Page.next(response.responseHeaders().get("Link")))));
    }

    /** Follows the links and lets the bodies pass. */
    static Contestant.Preparation links() {
        return (url, knobs) -> {
            HttpClient client = HttpClient.create().baseUrl(url);
            return () -> {
                long pages = link(client, "/pages/1")
                        .expand(next -> next.isEmpty() ? Flux.empty() : link(client, next))
                        .count()
                        .blockOptional()
                        .orElse(0L);
                return Tally.counted(pages * ItemBlock.ITEMS);
            };
        };
    }

    private static Flux<String> link(HttpClient client, String path) {
        return client.get()
                .uri(path)
                .response((response, body) -> body.then(Mono.just(Objects.requireNonNullElse(
                        Page.next(response.responseHeaders().get("Link")), ""))));
    }
}
