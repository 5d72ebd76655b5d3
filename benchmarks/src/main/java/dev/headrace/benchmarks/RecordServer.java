package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Sends the same items in three ways: as one document with the items at {@code /data/items}, one on a line, and in pages of a block each,
 * whose {@code Link} header names the next. One thread sends what was made before, outside the processes that are measured.
 */
final class RecordServer {

    private static final byte[] HEAD =
            "{\"status\":\"ok\",\"data\":{\"cursor\":null,\"items\":[\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAIL = "]},\"took\":12}".getBytes(StandardCharsets.UTF_8);

    private final int blocks;
    private final Duration latency;
    private final ByteBuf head = direct(HEAD);
    private final ByteBuf tail = direct(TAIL);
    private final ByteBuf lines = direct(ItemBlock.joined("\n"));
    private final ByteBuf elements = direct(ItemBlock.joined(",\n"));
    // The same without its last comma.
    private final ByteBuf lastElements = elements.copy(0, elements.readableBytes() - 2);

    // As long as the other; a page that is the same as the one before would be taken for a mistake of the API.
    private final ByteBuf evenElements = direct(ItemBlock.rotated(",\n"));

    private RecordServer(Knobs knobs) {
        this.blocks = ItemBlock.blocks(knobs);
        this.latency = knobs.latency();
    }

    static DisposableServer start(Knobs knobs) {
        RecordServer server = new RecordServer(knobs);
        DisposableServer bound = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                // A page is one of many requests on one connection.
                .maxKeepAliveRequests(-1)
                .runOn(LoopResources.create("record-server", 1, true))
                .route(routes -> routes.get("/document", server::document)
                        .get("/lines", server::lines)
                        .get("/pages/{number}", server::page))
                .bindNow();
        bound.onDispose(server::release);
        return bound;
    }

    /** Responses under way have counts of their own. */
    private void release() {
        Stream.of(head, tail, lines, elements, lastElements, evenElements).forEach(ByteBuf::release);
    }

    private Publisher<Void> document(HttpServerRequest request, HttpServerResponse response) {
        long length = (long) head.readableBytes()
                + (blocks - 1L) * elements.readableBytes()
                + lastElements.readableBytes()
                + tail.readableBytes();
        return send(
                response,
                "application/json",
                length,
                Flux.concat(Flux.just(head), repeated(elements, blocks - 1), Flux.just(lastElements), Flux.just(tail)));
    }

    private Publisher<Void> lines(HttpServerRequest request, HttpServerResponse response) {
        return send(response, "application/x-ndjson", (long) blocks * lines.readableBytes(), repeated(lines, blocks));
    }

    private Publisher<Void> page(HttpServerRequest request, HttpServerResponse response) {
        int number = Integer.parseInt(request.param("number"));
        if (number < blocks) {
            response.header("Link", "</pages/" + (number + 1) + ">; rel=\"next\"");
        }
        ByteBuf items = number % 2 == 0 ? evenElements : lastElements;
        long length = (long) head.readableBytes() + items.readableBytes() + tail.readableBytes();
        return send(response, "application/json", length, Flux.just(head, items, tail));
    }

    private Publisher<Void> send(HttpServerResponse response, String type, long length, Flux<ByteBuf> body) {
        Publisher<Void> answer = response.header("Content-Type", type)
                .header("Content-Length", Long.toString(length))
                .send(body.map(ByteBuf::retainedDuplicate));
        return latency.isZero() ? answer : Mono.delay(latency).then(Mono.from(answer));
    }

    private static Flux<ByteBuf> repeated(ByteBuf block, int times) {
        return Flux.range(0, times).map(i -> block);
    }

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }
}
