package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Pages of any size, each named by the {@code Link} header of the one before, with the items at {@code /data/items}. All of them together
 * have the items of {@link ItemBlock} over and over. One thread sends what was made before.
 */
final class SizedPages {

    private static final byte[] HEAD = "{\"status\":\"ok\",\"data\":{\"items\":[\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAIL = "]}}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] COMMA = ",\n".getBytes(StandardCharsets.UTF_8);
    private static final int PIECE = ItemBlock.ITEMS;

    private final int pages;
    /** The bodies that take turns, in pieces; neighbours differ, for a page that repeats the one before would be a mistake of the API. */
    private final List<List<ByteBuf>> bodies;

    private SizedPages(int pages, List<List<ByteBuf>> bodies) {
        this.pages = pages;
        this.bodies = bodies;
    }

    /**
     * Starts a server.
     *
     * @param pageSize a divisor or a multiple of 100
     * @param items in all pages together, a multiple of 100 and of the size
     */
    static DisposableServer start(int pageSize, int items) {
        List<byte[]> texts = ItemBlock.texts();
        List<List<ByteBuf>> bodies = pageSize < PIECE
                ? IntStream.range(0, PIECE / pageSize)
                        .mapToObj(page -> body(texts.subList(page * pageSize, (page + 1) * pageSize), 1))
                        .toList()
                : List.of(body(texts, pageSize / PIECE), body(rotated(texts), pageSize / PIECE));
        SizedPages server = new SizedPages(items / pageSize, bodies);
        DisposableServer bound = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                // A page is one of many requests on one connection.
                .maxKeepAliveRequests(-1)
                .runOn(LoopResources.create("sized-pages", 1, true))
                .route(routes -> routes.get("/pages/{number}", server::page))
                .bindNow();
        bound.onDispose(server::release);
        return bound;
    }

    private Publisher<Void> page(HttpServerRequest request, HttpServerResponse response) {
        int number = Integer.parseInt(request.param("number"));
        if (number < pages) {
            response.header("Link", "</pages/" + (number + 1) + ">; rel=\"next\"");
        }
        List<ByteBuf> body = bodies.get(number % bodies.size());
        long length = body.stream().mapToLong(ByteBuf::readableBytes).sum();
        return response.header("Content-Type", "application/json")
                .header("Content-Length", Long.toString(length))
                .send(Flux.fromIterable(body).map(ByteBuf::retainedDuplicate));
    }

    /** Responses under way have counts of their own. A body may have one buffer many times. */
    private void release() {
        Set<ByteBuf> once = Collections.newSetFromMap(new IdentityHashMap<>());
        bodies.forEach(once::addAll);
        once.forEach(ByteBuf::release);
    }

    private static List<ByteBuf> body(List<byte[]> texts, int times) {
        ByteBuf piece = Unpooled.directBuffer();
        for (byte[] text : texts) {
            piece.writeBytes(piece.isReadable() ? COMMA : new byte[0]).writeBytes(text);
        }
        List<ByteBuf> body = new ArrayList<>();
        body.add(Unpooled.directBuffer().writeBytes(HEAD));
        body.add(piece);
        if (times > 1) {
            ByteBuf comma = Unpooled.directBuffer().writeBytes(COMMA);
            for (int i = 1; i < times; i++) {
                body.add(comma);
                body.add(piece);
            }
        }
        body.add(Unpooled.directBuffer().writeBytes(TAIL));
        return body;
    }

    private static List<byte[]> rotated(List<byte[]> texts) {
        List<byte[]> rotated = new ArrayList<>(texts);
        rotated.add(rotated.remove(0));
        return rotated;
    }
}
